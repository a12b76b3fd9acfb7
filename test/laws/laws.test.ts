import { testLaws } from './lawsChecks';

testLaws(1, 300);
