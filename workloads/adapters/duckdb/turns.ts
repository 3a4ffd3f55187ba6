/**
 * Lets one piece of work run at a time, in the order asked. Making what is not there yet (tables, views, the one control row) is a
 * look and then a change: two sessions of a process doing it side by side would both see nothing and both make it.
 */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  take<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#last.then(work);
    this.#last = mine.catch(() => undefined);
    return mine;
  }
}
