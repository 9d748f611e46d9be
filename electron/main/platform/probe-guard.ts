import { Socket } from 'node:net';

// Runs in a thread of the probe's child. Main holds the other end of stdin: when it is gone, however it went, so are we.
const end = (): void => void process.kill(process.pid, 'SIGKILL');
// Not `process.stdin`: in a thread that one depends on the main thread, which may hear nothing any more.
new Socket({ fd: 0, readable: true, writable: false }).on('error', end).on('close', end).resume();
