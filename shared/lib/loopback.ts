/** True when an origin (`http://127.0.0.1:4600`) is this machine: `localhost`, 127.0.0.0/8 or `[::1]`. */
export const isLoopback = (origin: string): boolean =>
  /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(new URL(origin).hostname);
