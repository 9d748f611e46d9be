import { parseSync } from 'vite';

/**
 * What a source file refers to, read from its syntax tree:
 * - `references`: every module it names, in whatever way. `specifier` is null when it is not to be read in the source;
 *   `isByName` when only exports it names are taken of the module; `isUrl` when its address is taken and it is not loaded.
 * - `words`: every identifier and every whole string.
 * - `errors`: where it does not parse.
 * Names are followed through the file without regard to scope: `const load = createRequire(...)` makes every `load` a loader.
 */
export function readModule(file, source) {
  const { program, comments, errors } = parseSync(file, source);
  const nodes = [];
  collect(program, nodes);
  const loaders = findLoaders(nodes);
  return {
    references: [
      ...nodes.flatMap((node) => referenceIn(node, loaders) ?? []),
      ...comments.flatMap((comment) => referenceInComment(comment) ?? []),
    ],
    words: nodes.flatMap((node) => wordIn(node) ?? []),
    errors: errors.map(({ message, labels }) => ({ message, offset: labels[0]?.start ?? 0 })),
  };
}

function collect(value, nodes) {
  if (Array.isArray(value)) {
    for (const item of value) collect(item, nodes);
  } else if (value !== null && typeof value === 'object') {
    if (typeof value.type === 'string') nodes.push(value);
    for (const key in value) if (typeof value[key] === 'object') collect(value[key], nodes);
  }
}

function referenceIn(node, loaders) {
  const to = (specifier, isTypeOnly = false) => ({
    specifier,
    isTypeOnly,
    isByName: isByName(node),
    offset: node.start,
  });
  switch (node.type) {
    case 'ImportDeclaration':
      // `import { type T }` still loads the module: only `import type` vanishes.
      return to(node.source.value, node.importKind === 'type');
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
      return node.source ? to(node.source.value, node.exportKind === 'type') : undefined;
    case 'TSImportEqualsDeclaration':
      return node.moduleReference.type === 'TSExternalModuleReference'
        ? to(node.moduleReference.expression.value, node.importKind === 'type')
        : undefined;
    case 'TSImportType':
      return to(constantOf(node.source ?? node.argument?.literal ?? node.argument), true);
    case 'ImportExpression':
      return to(constantOf(node.source));
    case 'CallExpression':
      if (isLoader(node.callee, loaders)) return to(constantOf(node.arguments[0]));
      return isMetaProperty(node.callee, 'glob') ? to(null) : undefined;
    case 'NewExpression':
      // `new URL('./worker.ts', import.meta.url)`: bundlers make an entry of it.
      return nameOf(node.callee) === 'URL' && isMetaProperty(node.arguments[1], 'url')
        ? { ...to(relative(constantOf(node.arguments[0]))), isUrl: true }
        : undefined;
    default:
      return undefined;
  }
}

function isByName(node) {
  switch (node.type) {
    case 'ImportDeclaration':
      return (
        node.specifiers.length > 0 &&
        node.specifiers.every(
          ({ type, imported }) => type === 'ImportSpecifier' && nameOf(imported) !== 'default',
        )
      );
    case 'ExportNamedDeclaration':
      return node.specifiers.every(({ local }) => nameOf(local) !== 'default');
    default:
      return false;
  }
}

// `/// <reference types="node" />` and `/** @jsxImportSource react */`
function referenceInComment({ value, start }) {
  const [, kind, specifier] =
    /^\/\s*<reference\b.*?\b(types|path|lib)\s*=\s*["']([^"']+)["']/.exec(value) ??
    /@(jsxImportSource)\s+(\S+)/.exec(value) ??
    [];
  if (specifier === undefined) return undefined;
  // A `lib` is no package; with its prefix no layer lists it.
  const target = { path: relative(specifier), lib: `lib:${specifier}` }[kind] ?? specifier;
  return { specifier: target, isTypeOnly: true, isByName: false, offset: start };
}

/** A URL or a path directive is relative even without a dot in front. */
function relative(specifier) {
  return specifier === null || /^(\.{0,2}\/|[a-z]+:)/i.test(specifier) ? specifier : `./${specifier}`;
}

function wordIn(node) {
  switch (node.type) {
    case 'Identifier':
    case 'JSXIdentifier':
      return { word: node.name, offset: node.start };
    case 'Literal':
    case 'TemplateLiteral':
    case 'BinaryExpression': {
      const word = constantOf(node);
      return word === null ? undefined : { word, offset: node.start };
    }
    default:
      return undefined;
  }
}

/** The names that load a module when called (`load`), and those that make such functions (`make`). */
function findLoaders(nodes) {
  const names = { load: new Set(['require']), make: new Set(['createRequire']) };
  let known;
  do {
    known = names.load.size + names.make.size;
    for (const node of nodes) followNames(node, names);
  } while (names.load.size + names.make.size > known);
  return names;
}

function followNames(node, names) {
  switch (node.type) {
    case 'ImportSpecifier':
      if (nameOf(node.imported) === 'createRequire') names.make.add(node.local.name);
      return;
    case 'VariableDeclarator':
      followBinding(node.id, node.init, names);
      return;
    case 'AssignmentExpression':
    case 'AssignmentPattern':
      followBinding(node.left, node.right, names);
      return;
    case 'ObjectPattern':
      for (const { key, value } of node.properties) {
        const local = value?.type === 'AssignmentPattern' ? value.left : value;
        if (local?.type !== 'Identifier') continue;
        if (nameOf(key) === 'createRequire') names.make.add(local.name);
        if (nameOf(key) === 'getBuiltinModule' || nameOf(key) === 'require') names.load.add(local.name);
      }
  }
}

function followBinding(target, value, names) {
  if (target.type !== 'Identifier' || !value) return;
  if (isLoader(value, names)) names.load.add(target.name);
  if (isMaker(value, names)) names.make.add(target.name);
}

function isLoader(expression, names) {
  const node = unwrap(expression);
  if (node.type === 'Identifier') return names.load.has(node.name);
  if (node.type === 'CallExpression') return isMaker(node.callee, names);
  if (node.type !== 'MemberExpression') return false;
  const property = propertyOf(node);
  if (property === 'require' || property === 'getBuiltinModule') return true;
  return property === 'resolve' && (isMetaProperty(node, 'resolve') || isLoader(node.object, names));
}

function isMaker(expression, names) {
  const node = unwrap(expression);
  return node.type === 'Identifier' ? names.make.has(node.name) : propertyOf(node) === 'createRequire';
}

function isMetaProperty(expression, name) {
  if (!expression) return false;
  const node = unwrap(expression);
  return propertyOf(node) === name && unwrap(node.object).type === 'MetaProperty';
}

function propertyOf(node) {
  if (node.type !== 'MemberExpression') return undefined;
  return node.computed ? constantOf(node.property) : node.property.name;
}

const nameOf = (key) => key?.name ?? key?.value;

/** The string an expression is, when the source says so; else null. */
function constantOf(expression) {
  if (!expression) return null;
  const node = unwrap(expression);
  if (node.type === 'Literal') return typeof node.value === 'string' ? node.value : null;
  if (node.type === 'TemplateLiteral')
    return node.expressions.length === 0 ? node.quasis[0].value.cooked : null;
  if (node.type !== 'BinaryExpression' || node.operator !== '+') return null;
  const [left, right] = [constantOf(node.left), constantOf(node.right)];
  return left === null || right === null ? null : left + right;
}

function unwrap(node) {
  switch (node.type) {
    case 'ParenthesizedExpression':
    case 'ChainExpression':
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
    case 'TSNonNullExpression':
    case 'TSTypeAssertion':
      return unwrap(node.expression);
    case 'AwaitExpression':
      return unwrap(node.argument);
    case 'SequenceExpression':
      return unwrap(node.expressions.at(-1));
    default:
      return node;
  }
}
