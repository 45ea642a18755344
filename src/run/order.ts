import {
  type BenchmarkRecord,
  kindOfStore,
  type LookRecord,
  type ProfileRecord,
  type RatioTurnsRecord,
} from "../result/mod.ts";
import { derive, Random } from "../stats/mod.ts";

/** One run of the plan. */
export interface PlannedRun {
  benchmark: BenchmarkRecord;
  /** 0, 1, … within the benchmark. */
  run: number;
  /** Place in the order. */
  position: number;
  /** Whose run it is, where several plans are measured together; else 0. */
  lane: number;
}

/**
 * The runs of one or several plans in one order of randomised blocks, so that what changes on the
 * machine while it is measured falls on all benchmarks and on all plans alike. A block is the same
 * run of the same benchmark in every plan and over every variant of its store, or over the stores that
 * take turns afterwards, in an order that is drawn for each block; the blocks are shuffled. The same
 * seed gives the same order.
 *
 * @param lanes The benchmarks of each plan; those of one place belong together.
 * @param rivals The benchmarks that take turns afterwards.
 * @returns The blocks. Positions count over all of them.
 */
export function shuffledBlocks(
  lanes: readonly (readonly BenchmarkRecord[])[],
  profile: ProfileRecord,
  seed: number,
  rivals: RatioTurnsRecord["groups"] = [],
): PlannedRun[][] {
  const random = new Random(derive(seed, "order"));
  const blocks = placesTogether(lanes[0]!, rivals).flatMap((places) => {
    const { runs = profile.runs } = lanes[0]![places[0]!]!;
    return Array.from({ length: runs }, (_, run) => ({ places, run }));
  });
  random.shuffle(blocks);
  let position = 0;
  return blocks.map(({ places, run }) =>
    random.shuffle(
      places.flatMap((place) => [...lanes.keys()].map((lane) => ({ place, lane }))),
    ).map(({ place, lane }) => ({
      benchmark: lanes[lane]![place]!,
      run,
      position: position++,
      lane,
    }))
  );
}

/**
 * The runs of a plan whose stores take turns in groups, in randomised blocks as above: a block is a
 * group's run of one benchmark, in the order in which its processes are started. A group plays what
 * all of its stores have; what no group plays is a block by itself, or with those with which it takes
 * turns afterwards.
 */
export function shuffledGroups(
  benchmarks: readonly BenchmarkRecord[],
  profile: ProfileRecord,
  seed: number,
  groups: readonly (readonly string[])[],
  rounds: number = profile.runs,
  rivals: RatioTurnsRecord["groups"] = [],
): PlannedRun[][] {
  const random = new Random(derive(seed, "order"));
  const next = new Map<BenchmarkRecord, number>();
  const blocks: Omit<PlannedRun, "position">[][] = [];
  for (let round = 0; round < rounds; round++) {
    for (const played of playedBy(benchmarks, groups)) {
      blocks.push(played.map((benchmark) => {
        const run = next.get(benchmark) ?? 0;
        next.set(benchmark, run + 1);
        return { benchmark, run, lane: 0 };
      }));
    }
  }
  const alone = benchmarks.filter((benchmark) => !next.has(benchmark));
  for (const places of placesTogether(alone, rivals, ({ id }) => id)) {
    const played = places.map((place) => alone[place]!);
    const { runs = profile.runs } = played[0]!;
    for (let run = 0; run < runs; run++) {
      blocks.push(played.map((benchmark) => ({ benchmark, run, lane: 0 })));
    }
  }
  random.shuffle(blocks);
  let position = 0;
  return blocks.map((block) =>
    random.shuffle(block).map((planned) => ({ ...planned, position: position++ }))
  );
}

/**
 * The runs that a look has added to one or several plans, in an order of their own: a block is one run
 * of a benchmark in every plan.
 *
 * @param lanes The benchmarks of each plan, with the runs that they had before the look.
 * @param more The benchmarks that it has added runs to, by their ids in the first plan, and how many each
 * has then in all.
 * @param look Which look, from 0.
 * @param position How many runs are before them in the order.
 */
export function addedBlocks(
  lanes: readonly (readonly BenchmarkRecord[])[],
  profile: ProfileRecord,
  seed: number,
  more: LookRecord["more"],
  look: number,
  position: number,
): PlannedRun[][] {
  const random = new Random(derive(seed, "order", "look", String(look)));
  const blocks = more.flatMap(({ benchmark, runs }) => {
    const place = lanes[0]!.findIndex(({ id }) => id === benchmark);
    const { runs: before = profile.runs } = lanes[0]![place]!;
    return Array.from({ length: runs - before }, (_, added) => ({ place, run: before + added }));
  });
  return random.shuffle(blocks).map(({ place, run }) =>
    random.shuffle([...lanes.keys()]).map((lane) => ({
      benchmark: lanes[lane]![place]!,
      run,
      position: position++,
      lane,
    }))
  );
}

/** What each group plays: a benchmark of one name over each of its stores. */
export function playedBy(
  benchmarks: readonly BenchmarkRecord[],
  groups: readonly (readonly string[])[],
): BenchmarkRecord[][] {
  const names = [...new Set(benchmarks.map(({ name }) => name))];
  const byKey = new Map(benchmarks.map((own) => [`${own.store}/${own.name}`, own]));
  return names.flatMap((name) =>
    groups.flatMap((stores) => {
      const played = stores.flatMap((store) => byKey.get(`${store}/${name}`) ?? []);
      return played.length === stores.length ? [played] : [];
    })
  );
}

/**
 * The places in a plan of benchmarks whose runs belong together.
 *
 * @param keyOf What those have in common that do so besides; by default variants of a store.
 */
function placesTogether(
  benchmarks: readonly BenchmarkRecord[],
  rivals: RatioTurnsRecord["groups"],
  keyOf = ofVariants,
): number[][] {
  const groups = new Map(rivals.flatMap((group, place) => group.map((id) => [id, place] as const)));
  const together = new Map<string, number[]>();
  for (const [place, benchmark] of benchmarks.entries()) {
    const group = groups.get(benchmark.id);
    const key = group === undefined ? keyOf(benchmark) : `@${group}`;
    const places = together.get(key);
    if (places === undefined) together.set(key, [place]);
    else places.push(place);
  }
  return [...together.values()];
}

/** What the same benchmark has in common over several variants of a store. */
function ofVariants({ id, store, name, variant }: BenchmarkRecord): string {
  return variant === undefined ? id : `${kindOfStore(store)}@/${name}`;
}
