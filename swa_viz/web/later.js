// What a lesson needs later: at hand, or fetched when somebody first asks for it.

/** @import { LabData } from "./core/types.d.ts" */

/**
 * What was fetched in this visit, by its address, which names its content.
 * @type {Map<string, Promise<any>>}
 */
const fetched = new Map();

/** @param {string} address */
async function fetchData(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address} could not be fetched (${response.status})`);
  return response.json();
}

/**
 * A part of a lab's data.  What could not be fetched is fetched anew when it is asked for again.
 * @param {Pick<LabData, "later">} data
 * @param {string} name - Of the part.
 * @returns {Promise<any>}
 */
export function laterPart({ later }, name) {
  const part = later[name];
  if ("data" in part) return Promise.resolve(part.data);
  const address = new URL(part.at, document.baseURI).href;
  const known = fetched.get(address) ?? fetchData(address);
  fetched.set(address, known);
  known.catch(() => fetched.delete(address));
  return known;
}
