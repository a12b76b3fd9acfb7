import { testLaws } from '../laws/lawsChecks';

const HISTORIES = 20_000;

testLaws(1_000_001, Number(process.env.LAWS_HISTORIES ?? HISTORIES));
