import type {
  EvaluationSetup,
  EvaluationTask,
  FromEvaluator,
  TaskResults,
  ToEvaluator,
} from "./messages.ts";

/** Threads that share tasks. */
export interface EvaluationPool {
  /** Does tasks of one kind, in any order, and returns their results in the order of the tasks. */
  run<Type extends EvaluationTask["type"]>(
    tasks: readonly Extract<EvaluationTask, { type: Type }>[],
    onDone?: (done: number, total: number) => void,
  ): Promise<TaskResults[Type][]>;
  /** Ends the threads. */
  close(): void;
}

/** Starts `count` worker threads. */
export async function openPool(
  count: number,
  setup: EvaluationSetup,
): Promise<EvaluationPool> {
  const workers = Array.from(
    { length: count },
    () =>
      new Worker(new URL("./worker.ts", import.meta.url), { type: "module" }),
  );
  const close = () => workers.forEach((worker) => worker.terminate());
  try {
    await Promise.all(
      workers.map((worker) => ask(worker, { type: "start", setup })),
    );
  } catch (error) {
    close();
    throw error;
  }
  return {
    async run<Type extends EvaluationTask["type"]>(
      tasks: readonly Extract<EvaluationTask, { type: Type }>[],
      onDone?: (done: number, total: number) => void,
    ) {
      const results: TaskResults[Type][] = [];
      let next = 0;
      let done = 0;
      await Promise.all(workers.map(async (worker) => {
        while (next < tasks.length) {
          const index = next++;
          const answer = await ask(worker, tasks[index]!);
          if (answer.type === "done") {
            results[index] = answer.result as TaskResults[Type];
          }
          onDone?.(++done, tasks.length);
        }
      }));
      return results;
    },
    close,
  };
}

function ask(worker: Worker, message: ToEvaluator): Promise<FromEvaluator> {
  return new Promise((resolve, reject) => {
    worker.onerror = (event) => {
      event.preventDefault();
      reject(new Error(event.message));
    };
    worker.onmessage = ({ data }: MessageEvent<FromEvaluator>) => {
      if (data.type === "failed") reject(new Error(data.message));
      else resolve(data);
    };
    worker.postMessage(message);
  });
}
