import { createRequire } from 'node:module';
import type { AnyDefinition, PackageDefinition } from '@grpc/proto-loader';
import type * as Descriptor from 'protobufjs/ext/descriptor.js';

// Loaded with the first call to reflection, like what it serves.
const require = createRequire(import.meta.url);

interface Field {
  name: string;
  typeName?: string | null;
}
interface Message {
  name: string;
  field: Field[];
  nestedType: Message[];
  options?: { mapEntry?: boolean | null } | null;
}
interface File {
  name: string;
  package: string;
  dependency: string[];
  messageType: Message[];
  enumType: { name: string }[];
  service: { method: { inputType: string; outputType: string }[] }[];
}

/**
 * Completes the file descriptors of a package. protobufjs leaves three things out that Go clients such as grpcurl insist on
 * (grpc/grpc-node#2595): imports, full names of types from other packages, and the names of map entries.
 */
export function completeDescriptors(protos: PackageDefinition): PackageDefinition {
  const { FileDescriptorProto } = require('protobufjs/ext/descriptor.js') as typeof Descriptor;
  const files = decodeFiles(protos, FileDescriptorProto);
  const fileOf = symbolIndex(files);
  for (const file of files) {
    for (const message of file.messageType)
      completeMessage(message, `${file.package}.${message.name}`, fileOf);
    file.dependency = dependenciesOf(file, fileOf);
  }
  const encoded = files.map((file) => Buffer.from(FileDescriptorProto.encode(file as object).finish()));
  return Object.fromEntries(
    Object.entries(protos).map(([name, definition]) => [name, withDescriptors(definition, encoded)]),
  );
}

/** Only messages and enums carry descriptors; services refer to them. */
function withDescriptors(definition: AnyDefinition, encoded: Buffer[]): AnyDefinition {
  if (!('fileDescriptorProtos' in definition)) return definition;
  return { ...definition, fileDescriptorProtos: encoded } as AnyDefinition;
}

function decodeFiles(protos: PackageDefinition, type: typeof Descriptor.FileDescriptorProto): File[] {
  const byName = new Map<string, File>();
  for (const definition of Object.values(protos)) {
    if (!Array.isArray(definition['fileDescriptorProtos'])) continue;
    for (const bytes of definition['fileDescriptorProtos']) {
      const file = type.decode(bytes) as unknown as File;
      if (!byName.has(file.name)) byName.set(file.name, file);
    }
  }
  return [...byName.values()];
}

/** The file of each message and enum, by full name. */
function symbolIndex(files: File[]): Map<string, File> {
  const index = new Map<string, File>();
  for (const file of files) {
    const add = (message: Message, scope: string): void => {
      const name = `${scope}.${message.name}`;
      index.set(name, file);
      for (const nested of message.nestedType) add(nested, name);
    };
    for (const message of file.messageType) add(message, file.package);
    for (const { name } of file.enumType) index.set(`${file.package}.${name}`, file);
  }
  return index;
}

function completeMessage(message: Message, fullName: string, fileOf: Map<string, File>): void {
  for (const nested of message.nestedType) completeMessage(nested, `${fullName}.${nested.name}`, fileOf);
  for (const field of message.field) {
    if (field.typeName === undefined || field.typeName === null || field.typeName === '') continue;
    const entry = message.nestedType.find(
      ({ name, options }) => options?.mapEntry === true && name === field.typeName,
    );
    if (entry !== undefined) {
      entry.name = mapEntryName(field.name);
      field.typeName = `.${fullName}.${entry.name}`;
    } else {
      field.typeName = absolute(field.typeName, fullName, fileOf);
    }
  }
}

/** `status_codes` becomes `StatusCodesEntry`, as protoc names the entry of a map. */
function mapEntryName(field: string): string {
  return `${field.replace(/(?:^|_)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())}Entry`;
}

/** Looks a relative name up as the language defines it: in the innermost scope first. */
function absolute(typeName: string, scope: string, fileOf: Map<string, File>): string {
  if (typeName.startsWith('.')) return typeName;
  for (let parts = scope.split('.'); ; parts = parts.slice(0, -1)) {
    const candidate = [...parts, typeName].join('.');
    if (fileOf.has(candidate)) return `.${candidate}`;
    if (parts.length === 0) return typeName;
  }
}

function dependenciesOf(file: File, fileOf: Map<string, File>): string[] {
  const references = [...file.messageType.flatMap(typesOf), ...file.service.flatMap(methodTypes)];
  const files = references.flatMap((reference) => fileOf.get(reference.slice(1))?.name ?? []);
  return [...new Set(files)].filter((name) => name !== file.name);
}

function typesOf(message: Message): string[] {
  return [...message.field.flatMap(({ typeName }) => typeName ?? []), ...message.nestedType.flatMap(typesOf)];
}

function methodTypes({ method }: File['service'][number]): string[] {
  return method.flatMap(({ inputType, outputType }) => [inputType, outputType]);
}
