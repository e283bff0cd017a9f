// What several seeds, texts or programs say together: their mean, the lowest and the highest.

/**
 * @param {readonly number[]} numbers
 * @returns {number}
 */
export const mean = (numbers) => numbers.reduce((sum, each) => sum + each, 0) / numbers.length;

/**
 * The numbers of all runs, for each place in them.
 * @param {readonly (readonly number[])[]} byRun
 * @returns {number[][]}
 */
export const atEach = (byRun) => byRun[0].map((_, at) => byRun.map((run) => run[at]));

/**
 * @param {readonly number[]} numbers
 * @returns {{mean: number, low: number, high: number}}
 */
export const spreadOf = (numbers) => ({ mean: mean(numbers), low: Math.min(...numbers), high: Math.max(...numbers) });
