import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { findCycles } from './find-cycles.mjs';
import { layers, packageHomes, testPackages, wordHomes } from './layer-rules.mjs';
import { readModule } from './read-module.mjs';

const roots = ['electron', 'renderer', 'scripts', 'tests'];
const sourceFile = /\.[cm]?[jt]sx?$/;
const testFile = /\.test\.tsx?$/;
const builtins = new Set([...builtinModules, 'original-fs']);

/** Every breach of layer-rules.mjs below `root`, as `{ file, line, column, rule, message }`. */
export function checkLayers(root) {
  const files = new Map(listFiles(root).map((file) => [file, read(root, file)]));
  const found = [];
  const edges = new Map();
  for (const [file, module] of files) {
    const report = (offset, rule, message) =>
      found.push({ file, ...positionAt(module.source, offset), rule, message });
    for (const { offset, message } of module.errors) report(offset, 'syntax', message);
    for (const { offset, word } of module.words) checkWord(file, word, (...args) => report(offset, ...args));
    const targets = module.references.map((reference) => ({
      ...reference,
      target: resolve(root, file, reference.specifier),
    }));
    for (const reference of targets)
      checkReference(file, reference, (...args) => report(reference.offset, ...args));
    edges.set(
      file,
      targets
        .filter(({ target, isTypeOnly }) => target.kind === 'file' && !isTypeOnly)
        .map(({ target }) => sourceAt(target.name, files))
        .filter((name) => name !== undefined),
    );
  }
  for (const cycle of findCycles(edges))
    found.push({ file: cycle[0], line: 1, column: 1, rule: 'cycle', message: cycle.join(' -> ') });
  return found;
}

function checkWord(file, word, report) {
  if (!Object.hasOwn(wordHomes, word)) return;
  const { within, homes } = wordHomes[word];
  if (!startsWithAny(file, within) || startsWithAny(file, homes)) return;
  const place = homes.length === 0 ? 'has no place here' : `belongs to ${homes.join(', ')} only`;
  report(`word/${word}`, `${word} ${place}`);
}

function checkReference(file, { specifier, target, isTypeOnly, isExportAll }, report) {
  const layerName = layerOf(file);
  if (layerName === undefined)
    return report('layer/unknown', `${path.posix.dirname(file)} is not a layer: see layer-rules.mjs`);
  const layer = layers[layerName];
  const isTest = testFile.test(file);
  const refuse = () => report(`layer/${layerName}`, `${layerName} may not import '${specifier}'`);

  if (target.kind === 'unreadable') {
    if (layer.isRestricted)
      report('import/unreadable', 'say in the source, as a path or package, what is imported');
  } else if (target.kind === 'builtin') {
    if (!layer.builtins && !isTest) refuse();
  } else if (target.kind === 'package') {
    if (!layer.packages.has(target.name) && !(isTest && testPackages.has(target.name))) refuse();
    const homes = packageHomes[target.name];
    if (homes && !startsWithAny(file, homes))
      report(`package/${target.name}`, `${target.name} belongs to ${homes.join(', ')} only`);
    if (target.name === 'electron' && isExportAll && layer.isRestricted)
      report('import/export-all', 'name what is exported of electron');
  } else {
    const targetLayer = layerOf(target.name);
    const isAllowed = layer.layers.has(targetLayer) || (isTest && layer.typesOf?.has(targetLayer));
    if (!isAllowed && layer.typesOf?.has(targetLayer)) {
      if (!isTypeOnly)
        report(`layer/${layerName}`, `${layerName} may import types only of ${targetLayer}: 'import type'`);
    } else if (!isAllowed) refuse();
    const [feature, targetFeature] = [featureOf(file), featureOf(target.name)];
    if (feature !== undefined && targetFeature !== undefined && feature !== targetFeature)
      report('feature', `feature ${feature} may not import feature ${targetFeature}`);
  }
}

/** What a specifier leads to. A path is relative to the root, with slashes. */
function resolve(root, file, specifier) {
  if (specifier === null || specifier.startsWith('#') || /^(data|https?|blob):/.test(specifier))
    return { kind: 'unreadable' };
  const plain = specifier.replace(/^node:/, '');
  if (specifier.startsWith('node:') || builtins.has(plain) || builtins.has(plain.split('/')[0]))
    return { kind: 'builtin' };
  const isUrl = specifier.startsWith('file:');
  if (!isUrl && !/^(\.{1,2}(\/|$)|\/)/.test(specifier))
    return { kind: 'package', name: packageName(specifier) };
  const absolute = isUrl
    ? fileURLToPath(specifier)
    : path.resolve(root, path.dirname(file), specifier.replace(/[?#].*$/, ''));
  const name = path.relative(root, absolute).split(path.sep).join('/');
  const inPackage = name.lastIndexOf('node_modules/');
  if (inPackage === -1) return { kind: 'file', name };
  return { kind: 'package', name: packageName(name.slice(inPackage + 'node_modules/'.length)) };
}

function packageName(specifier) {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

function layerOf(file) {
  return Object.keys(layers).find((name) => file.startsWith(`${layers[name].folder}/`));
}

const featureOf = (file) => /^renderer\/features\/([^/]+)\//.exec(file)?.[1];

const startsWithAny = (file, places) => places.some((place) => file.startsWith(place));

function sourceAt(name, files) {
  const bare = name.replace(/\.[cm]?jsx?$/, '');
  const candidates = [name, ...['.ts', '.tsx', '/index.ts', '/index.tsx'].map((end) => bare + end)];
  return candidates.find((candidate) => files.has(candidate));
}

function listFiles(root) {
  return roots.flatMap((folder) => listFolder(root, folder));
}

function listFolder(root, folder) {
  let entries;
  try {
    entries = readdirSync(path.join(root, folder), { withFileTypes: true });
  } catch (error) {
    if (error.code === 'ENOENT') return [];
    throw error;
  }
  return entries.flatMap((entry) => {
    const name = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : listFolder(root, name);
    return sourceFile.test(entry.name) ? [name] : [];
  });
}

function read(root, file) {
  const source = readFileSync(path.join(root, file), 'utf8');
  return { source, ...readModule(file, source) };
}

function positionAt(source, offset) {
  const before = source.slice(0, offset).split('\n');
  return { line: before.length, column: before.at(-1).length + 1 };
}
