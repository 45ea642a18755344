/** An environment variable for one test alone, though tests of other files run in the same process. */

/**
 * Lets `Deno.env.get()` answer otherwise for one variable. The process's own environment, which the
 * tests of other files read at the same time, and which children inherit, stays as it is.
 *
 * @param name The variable.
 * @param value What it seems to be; `undefined`: not set.
 * @returns What ends it, when it is disposed of.
 */
export function pretendVariable(name: string, value: string | undefined): Disposable {
  const { get } = Deno.env;
  Deno.env.get = (key) => key === name ? value : get.call(Deno.env, key);
  return {
    [Symbol.dispose]() {
      Deno.env.get = get;
    },
  };
}
