import { testLaws } from './lawsChecks';

testLaws(301, 300);
