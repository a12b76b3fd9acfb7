import { testLaws } from './lawsChecks';

testLaws(301, 200);
