import questionRows from '../../data/questions.json';

/** Questions about the installed documentation, each with the documents that hold its answer. */
export const questions: { question: string; expected: string[] }[] = questionRows;
