import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import ts from 'typescript';
import { runSchemaVersion } from '../harness/results/run.ts';

type Json = Record<string, unknown>;

const schemaFile = fileURLToPath(new URL('run.schema.json', import.meta.url));
const typesFile = fileURLToPath(new URL('../harness/results/run.ts', import.meta.url));
const schema = JSON.parse(readFileSync(schemaFile, 'utf8')) as Json;

describe('run.schema.json', () => {
  it('says what the type Run says', () => {
    expect(shapeOfSchema(schema)).to.deep.equal(shapeOfType(typeNamed('Run')));
  });

  it('names the version of the types in its id', () => {
    expect(schema['$id']).to.match(new RegExp(`run-${runSchemaVersion}\\.json$`));
  });

  it('describes every field and forbids unknown ones', () => {
    const undescribed: string[] = [];
    const open: string[] = [];
    visit(schema, '', (node, path) => {
      const properties = node['properties'] as Record<string, Json> | undefined;
      if (properties === undefined) return;
      if (node['additionalProperties'] !== false) open.push(path);
      for (const [name, field] of Object.entries(properties)) {
        if (typeof field['description'] !== 'string') undescribed.push(`${path}/${name}`);
      }
    });
    expect(undescribed).to.deep.equal([]);
    expect(open).to.deep.equal([]);
  });
});

/** Structure without words and bounds, references followed, so that it can be compared with a type's. */
function shapeOfSchema(node: Json): unknown {
  const reference = node['$ref'];
  if (typeof reference === 'string') {
    const definitions = schema['$defs'] as Record<string, Json>;
    return shapeOfSchema(definitions[reference.replace('#/$defs/', '')] ?? {});
  }
  if ('const' in node) return { const: node['const'] };
  if (Array.isArray(node['enum'])) return { enum: (node['enum'] as string[]).toSorted() };
  if (node['type'] === 'array') {
    const length = node['maxItems'];
    const items = shapeOfSchema(node['items'] as Json);
    if (length === undefined) return { array: items };
    expect(node['minItems']).to.equal(length);
    return { tuple: items, length };
  }
  if (node['type'] === 'object') {
    const properties = node['properties'] as Record<string, Json> | undefined;
    if (properties === undefined) return { map: shapeOfSchema(node['additionalProperties'] as Json) };
    const required = node['required'] as string[];
    return objectShape(
      Object.entries(properties).map(([name, field]) => [
        name,
        required.includes(name),
        shapeOfSchema(field),
      ]),
    );
  }
  if (Array.isArray(node['type'])) return { anyOf: (node['type'] as string[]).map(asTypeScript).toSorted() };
  return node['type'] === undefined ? 'unknown' : asTypeScript(node['type'] as string);
}

function asTypeScript(jsonType: string): string {
  return jsonType === 'integer' ? 'number' : jsonType;
}

const program = ts.createProgram([typesFile], {
  strict: true,
  exactOptionalPropertyTypes: true,
  noEmit: true,
  allowImportingTsExtensions: true,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  lib: ['lib.es2024.d.ts'],
  types: [],
});
const checker = program.getTypeChecker();

function typeNamed(name: string): ts.Type {
  const source = program.getSourceFile(typesFile);
  const module = source === undefined ? undefined : checker.getSymbolAtLocation(source);
  const symbol =
    module === undefined ? undefined : checker.getExportsOfModule(module).find((s) => s.name === name);
  if (symbol === undefined) throw new Error(`no type ${name} in ${typesFile}`);
  return checker.getDeclaredTypeOfSymbol(symbol);
}

function shapeOfType(type: ts.Type): unknown {
  if (type.flags & ts.TypeFlags.Unknown) return 'unknown';
  if (type.flags & ts.TypeFlags.Boolean) return 'boolean';
  if (type.flags & ts.TypeFlags.String) return 'string';
  if (type.flags & ts.TypeFlags.Number) return 'number';
  if (type.flags & ts.TypeFlags.Null) return 'null';
  if (type.isNumberLiteral()) return { const: type.value };
  if (type.isStringLiteral()) return { enum: [type.value] };
  if (type.isUnion()) return shapeOfUnion(type);
  if (checker.isTupleType(type)) {
    const parts = checker.getTypeArguments(type as ts.TypeReference);
    return { tuple: shapeOfType(parts[0] as ts.Type), length: parts.length };
  }
  if (checker.isArrayType(type))
    return { array: shapeOfType(checker.getTypeArguments(type as ts.TypeReference)[0] as ts.Type) };
  const index = type.getStringIndexType();
  if (index !== undefined) return { map: shapeOfType(index) };
  return objectShape(
    checker.getPropertiesOfType(type).map((property) => {
      const optional = (property.flags & ts.SymbolFlags.Optional) !== 0;
      return [property.name, !optional, shapeOfType(checker.getTypeOfSymbol(property))];
    }),
  );
}

function shapeOfUnion(type: ts.UnionType): unknown {
  // An optional property's type holds undefined, which JSON does not have.
  const members = type.types.filter((t) => !(t.flags & ts.TypeFlags.Undefined));
  const [only] = members;
  if (members.length === 1 && only !== undefined) return shapeOfType(only);
  if (members.every((t) => t.isStringLiteral())) return { enum: members.map((t) => t.value).toSorted() };
  if (members.every((t) => t.flags & ts.TypeFlags.BooleanLiteral)) return 'boolean';
  return { anyOf: members.map(shapeOfType).toSorted() };
}

function objectShape(fields: [name: string, required: boolean, shape: unknown][]): Json {
  return Object.fromEntries(
    fields
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, required, shape]) => [required ? name : `${name}?`, shape]),
  );
}

function visit(node: unknown, path: string, see: (node: Json, path: string) => void): void {
  if (typeof node !== 'object' || node === null) return;
  if (!Array.isArray(node)) see(node as Json, path);
  for (const [key, value] of Object.entries(node)) visit(value, `${path}/${key}`, see);
}
