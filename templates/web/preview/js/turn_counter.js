// Requests may be answered in another order than they were made: only the newest one's answer counts.

export class TurnCounter {
  #newest = 0;

  /**
   * Begin a turn; the function that it returns says whether no other has begun since.
   * @returns {() => boolean}
   */
  begin() {
    this.#newest += 1;
    const turn = this.#newest;
    return () => turn === this.#newest;
  }
}
