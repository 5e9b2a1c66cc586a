/**
 * Bounds the sockets, in all and from each address. Where there is no room, whoever has waited longest without a request
 * that was let in makes way: slow or idle sockets, however many, keep nobody out.
 */
import type { Server } from 'node:http';
import type { Socket } from 'node:net';

export interface Connections {
  /** A request of this socket was let in: until the function is called the socket keeps its place. */
  hold(socket: Socket): () => void;
  readonly open: number;
}

export interface ConnectionLimits {
  readonly connections: number;
  /** Undefined behind a proxy, whose address all sockets have. */
  readonly perAddress: number | undefined;
}

interface Place {
  readonly socket: Socket;
  readonly address: string;
  /** Requests under way that were let in. */
  held: number;
  /** A caller has proven itself here before: such a socket goes last. */
  known: boolean;
}

export function watchConnections(server: Server, { connections, perAddress }: ConnectionLimits): Connections {
  // In the order they came; one that finished a request goes to the end.
  const places = new Map<string, Place>();

  server.prependListener('connection', (socket: Socket) => {
    const address = socket.remoteAddress ?? '';
    const key = keyOf(socket);
    const isFromThere = (place: Place) => place.address === address;
    const ofAddress = perAddress === undefined ? 0 : [...places.values()].filter(isFromThere).length;
    const isFull = places.size >= connections || ofAddress >= (perAddress ?? Number.POSITIVE_INFINITY);
    if (isFull && !makeRoom(places, ofAddress >= (perAddress ?? Number.POSITIVE_INFINITY) ? isFromThere : () => true)) {
      socket.destroy();
      return;
    }
    places.set(key, { socket, address, held: 0, known: false });
    socket.once('close', () => {
      if (places.get(key)?.socket === socket) places.delete(key);
    });
  });

  return {
    hold(socket) {
      const key = keyOf(socket);
      const place = places.get(key);
      if (place === undefined) return () => {};
      place.held += 1;
      place.known = true;
      return () => {
        place.held -= 1;
        // Whoever has just been served has not been waiting.
        if (places.delete(key)) places.set(key, place);
      };
    },
    get open() {
      return places.size;
    },
  };
}

/** With TLS the request's socket is another object than the connection's; the address and port are the same. */
const keyOf = ({ remoteAddress, remotePort }: Socket) => `${remoteAddress} ${remotePort}`;

function makeRoom(places: Map<string, Place>, among: (place: Place) => boolean): boolean {
  const idle = [...places].filter(([, place]) => place.held === 0 && among(place));
  const [key, place] = idle.find(([, { known }]) => !known) ?? idle[0] ?? [];
  if (key === undefined) return false;
  places.delete(key);
  place?.socket.destroy();
  return true;
}
