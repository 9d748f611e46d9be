/** One cycle for every group of files that import each other: `[a, b, a]`. `edges` maps a file to the files it imports. */
export function findCycles(edges) {
  const finished = new Set();
  const path = [];
  const cycles = [];
  const visit = (file) => {
    if (finished.has(file)) return;
    const start = path.indexOf(file);
    if (start !== -1) {
      cycles.push([...path.slice(start), file]);
      return;
    }
    path.push(file);
    for (const next of edges.get(file) ?? []) visit(next);
    path.pop();
    finished.add(file);
  };
  for (const file of edges.keys()) visit(file);
  return cycles;
}
