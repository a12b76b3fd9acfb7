import { testLoad } from './loadChecks';

testLoad(1000);
