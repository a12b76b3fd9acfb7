import { testLoad } from '../engine/loadChecks';

testLoad(10_000);
