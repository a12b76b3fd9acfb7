import { testLaws } from '../laws/lawsChecks';

testLaws(1_000_001, 1000);
