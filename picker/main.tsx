import { render } from 'preact';
import { App } from './ui/App';

const root = document.getElementById('app');
// The header shows the page's icon: taken from here, the page contains it only once.
const logo = document.querySelector<HTMLLinkElement>('link[rel=icon]')?.href ?? '';
if (root) render(<App logo={logo} />, root);
