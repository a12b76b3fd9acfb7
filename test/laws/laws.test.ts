import { testLaws } from './lawsChecks';

testLaws(701, 200);
