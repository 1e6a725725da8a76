import type { IrHeaderEdit } from '../ir/ir.ts';
import type { HeaderValueOption } from './envoy-types.ts';

interface HeaderEditFields {
  request_headers_to_add?: HeaderValueOption[];
  request_headers_to_remove?: string[];
  response_headers_to_add?: HeaderValueOption[];
  response_headers_to_remove?: string[];
}

/** The four fields that Envoy's Route and ClusterWeight share. */
export function headerEdits(
  request: IrHeaderEdit | undefined,
  response: IrHeaderEdit | undefined,
): HeaderEditFields {
  return {
    ...(request && {
      request_headers_to_add: additions(request),
      request_headers_to_remove: removals(request),
    }),
    ...(response && {
      response_headers_to_add: additions(response),
      response_headers_to_remove: removals(response),
    }),
  };
}

/** The value that a request edit sets for `host`: Envoy changes the authority by a rewrite only. */
export function hostEdit(request: IrHeaderEdit): string | undefined {
  return request.set.find(({ name }) => name.toLowerCase() === 'host')?.value;
}

function additions(edit: IrHeaderEdit): HeaderValueOption[] {
  return [
    ...edit.set.filter(editable).map((header) => option(header, 'OVERWRITE_IF_EXISTS_OR_ADD')),
    ...edit.add.filter(editable).map((header) => option(header, 'APPEND_IF_EXISTS_OR_ADD')),
  ];
}

function removals(edit: IrHeaderEdit): string[] {
  return edit.remove.filter((name) => editable({ name }));
}

type AppendAction = 'OVERWRITE_IF_EXISTS_OR_ADD' | 'APPEND_IF_EXISTS_OR_ADD';

function option(header: { name: string; value: string }, action: AppendAction): HeaderValueOption {
  return {
    // '%' starts a command of Envoy's format strings.
    header: { key: header.name, value: header.value.replaceAll('%', '%%') },
    append_action: action,
    keep_empty_value: true,
  };
}

/** Envoy refuses a whole route that edits host or a pseudo-header. */
function editable({ name }: { name: string }): boolean {
  return !name.startsWith(':') && name.toLowerCase() !== 'host';
}
