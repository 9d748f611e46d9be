import { createServer } from 'node:http';

/** A process of its own, so that its work is not counted: answers `/COUNT/...` with a Responses stream of so many deltas. */
const delta = 'ten chars ';
const bodies = new Map<number, Buffer>();

const server = createServer((request, response) => {
  const body = bodyOf(Number(request.url?.split('/')[1]));
  request.resume();
  request.on('end', () => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(body);
  });
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.(typeof address === 'object' ? address?.port : null);
});

function bodyOf(eventCount: number): Buffer {
  const known = bodies.get(eventCount);
  if (known !== undefined) return known;
  const events = Array.from({ length: eventCount }, (_, number) =>
    write('response.output_text.delta', {
      sequence_number: number,
      item_id: 'msg_1',
      output_index: 0,
      delta,
    }),
  );
  const end = write('response.completed', { sequence_number: eventCount, response: { id: 'resp_1' } });
  const body = Buffer.from(events.join('') + end, 'utf8');
  bodies.set(eventCount, body);
  return body;
}

function write(type: string, fields: object): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;
}
