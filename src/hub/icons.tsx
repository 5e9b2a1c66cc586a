/** The few pictures of the hub, drawn inline; they say nothing that the words beside them do not. */
import type { Child } from 'hono/jsx';

export type Tone = 'info' | 'success' | 'warning' | 'danger';

const Drawing = ({ size = 20, children }: { size?: number; children: Child }) => (
  <svg
    width={size}
    height={size}
    viewBox="0 0 24 24"
    fill="none"
    stroke="currentColor"
    stroke-width="2"
    stroke-linecap="round"
    stroke-linejoin="round"
    aria-hidden="true"
    focusable="false"
  >
    {children}
  </svg>
);

/** Three layers: an account, its workspaces, what is in them. */
export const Mark = () => (
  <Drawing size={26}>
    <path d="M3.5 8 12 3l8.5 5L12 13z" />
    <path d="m3.5 12 8.5 5 8.5-5" />
    <path d="m3.5 16 8.5 5 8.5-5" />
  </Drawing>
);

const shapes: Record<Tone, Child> = {
  info: <path d="M12 11v6M12 7.5v.01" />,
  success: <path d="m7.5 12.5 3 3 6-6.5" />,
  warning: <path d="M12 7v6M12 16.5v.01" />,
  danger: <path d="m8.5 8.5 7 7M15.5 8.5l-7 7" />,
};

export const Sign = ({ tone }: { tone: Tone }) => (
  <Drawing>
    <circle cx="12" cy="12" r="9.5" />
    {shapes[tone]}
  </Drawing>
);

export const CopySign = () => (
  <Drawing size={16}>
    <rect x="9" y="9" width="11.5" height="11.5" rx="2" />
    <path d="M5.5 15H5a1.5 1.5 0 0 1-1.5-1.5V5A1.5 1.5 0 0 1 5 3.5h8.5A1.5 1.5 0 0 1 15 5v.5" />
  </Drawing>
);
