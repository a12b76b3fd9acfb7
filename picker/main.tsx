import { render } from 'preact';
import { App } from './ui/App';

const root = document.getElementById('app');
// The image of the tab is also the one beside the title: once in the page is enough.
const logo = document.querySelector<HTMLLinkElement>('link[rel=icon]')?.href ?? '';
if (root) render(<App logo={logo} />, root);
