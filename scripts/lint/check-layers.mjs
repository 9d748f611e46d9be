import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import path from 'node:path';

import { findCycles } from './find-cycles.mjs';
import { layers, packageHomes, testPackages, wordHomes } from './layer-rules.mjs';
import { readModule } from './read-module.mjs';

// What .gitignore names; whatever else lies at the top and holds source has to be a layer.
const generated = new Set(['node_modules', 'out', 'dist', 'coverage', 'test-results', 'playwright-report']);
const sourceFile = /\.[cm]?[jt]sx?$/;
const testFile = /\.test\.tsx?$/;
const symbolicLink = { rule: 'layer/link', message: 'a symbolic link hides what layer a file is of' };
const builtins = new Set([...builtinModules, 'original-fs']);

/** Every breach of layer-rules.mjs below `root`, as `{ file, line, column, rule, message }`. */
export function checkLayers(root) {
  const { names, links } = listFiles(root);
  const files = new Map(names.map((file) => [file, read(root, file)]));
  const found = links.map((file) => ({ file, line: 1, column: 1, ...symbolicLink }));
  const edges = new Map();
  for (const [file, module] of files) {
    const report = (offset, rule, message) =>
      found.push({ file, ...positionAt(module.source, offset), rule, message });
    if (layerOf(file) === undefined)
      report(0, 'layer/unknown', `${path.posix.dirname(file)} is not a layer: see layer-rules.mjs`);
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
        .filter(({ target, isTypeOnly, isUrl }) => target.kind === 'file' && !isTypeOnly && !isUrl)
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

function checkReference(file, reference, report) {
  const layerName = layerOf(file);
  if (layerName === undefined) return;
  const from = { file, layerName, layer: layers[layerName], isTest: testFile.test(file) };
  switch (reference.target.kind) {
    case 'unreadable':
      if (from.layer.isRestricted)
        report('import/unreadable', 'say in the source, as a path or package, what is imported');
      return;
    case 'file':
      checkFile(from, reference, report);
      return;
    default:
      checkPackage(from, reference, report);
  }
}

function checkPackage({ file, layerName, layer, isTest }, { specifier, target, ...reference }, report) {
  const isAllowed =
    target.kind === 'builtin'
      ? layer.builtins || isTest
      : layer.packages.has(target.name) || (isTest && testPackages.has(target.name));
  if (!isAllowed) report(`layer/${layerName}`, `${layerName} may not import '${specifier}'`);
  const homes = packageHomes[target.name];
  if (homes && !startsWithAny(file, homes))
    report(`package/${target.name}`, `${target.name} belongs to ${homes.join(', ')} only`);
  // What is passed on as a whole may be taken apart under names that nobody can read.
  if (target.name === 'electron' && layer.isRestricted && !reference.isByName && !reference.isTypeOnly)
    report('import/by-name', 'import by name what is used of electron');
}

function checkFile({ file, layerName, layer, isTest }, { specifier, target, isTypeOnly, isUrl }, report) {
  const targetLayer = layerOf(target.name);
  // The address of an icon, say: no source.
  if (isUrl && targetLayer === undefined) return;
  const isTypesOf = layer.typesOf?.has(targetLayer) ?? false;
  if (isTypesOf && !isTest && !isTypeOnly)
    report(`layer/${layerName}`, `${layerName} may import types only of ${targetLayer}: 'import type'`);
  if (!isTypesOf && !layer.layers.has(targetLayer))
    report(`layer/${layerName}`, `${layerName} may not import '${specifier}'`);
  if (testFile.test(target.name)) report('import/test', 'nothing imports a test');
  const [feature, targetFeature] = [featureOf(file), featureOf(target.name)];
  if (feature !== undefined && targetFeature !== undefined && feature !== targetFeature)
    report('feature', `feature ${feature} may not import feature ${targetFeature}`);
}

/** What a specifier leads to. A path is relative to the root, with slashes. */
function resolve(root, file, specifier) {
  // A path says what it means as it stands: no escapes, no address.
  if (specifier === null || /^#|[%\\]|^(data|https?|blob|file):/i.test(specifier))
    return { kind: 'unreadable' };
  const plain = specifier.replace(/[?#].*$/, '').replace(/^node:/, '');
  if (specifier.startsWith('node:') || builtins.has(plain) || builtins.has(plain.split('/')[0]))
    return { kind: 'builtin', name: `node:${plain}` };
  if (!/^(\.{1,2}(\/|$)|\/)/.test(plain)) return { kind: 'package', name: packageName(plain) };
  const absolute = path.resolve(root, path.dirname(file), plain);
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

/** Source below the folders at the top, and every symbolic link there: what it leads to would be judged by a wrong place. */
function listFiles(root) {
  const listed = { names: [], links: [] };
  for (const entry of readdirSync(root, { withFileTypes: true })) {
    if (entry.name.startsWith('.') || generated.has(entry.name)) continue;
    if (entry.isSymbolicLink()) listed.links.push(entry.name);
    else if (entry.isDirectory()) listFolder(root, entry.name, listed);
  }
  return listed;
}

function listFolder(root, folder, listed) {
  for (const entry of readdirSync(path.join(root, folder), { withFileTypes: true })) {
    const name = `${folder}/${entry.name}`;
    if (entry.isSymbolicLink()) listed.links.push(name);
    else if (entry.isDirectory() && entry.name !== 'node_modules') listFolder(root, name, listed);
    else if (sourceFile.test(entry.name)) listed.names.push(name);
  }
}

function read(root, file) {
  const source = readFileSync(path.join(root, file), 'utf8');
  return { source, ...readModule(file, source) };
}

function positionAt(source, offset) {
  const before = source.slice(0, offset).split('\n');
  return { line: before.length, column: before.at(-1).length + 1 };
}
