/** The options of `nightly`, as they are written. */
export interface NightlyFlags {
  nodes?: boolean;
  cluster?: string;
  node?: string[];
  identity?: string;
  sshConfig?: string;
  patience?: string;
  reconnect: string;
  profile: string;
  store?: string[];
  runs?: string;
  filter?: string;
  set?: string[];
  seed?: string;
  data?: string;
  host?: string;
  out: string;
  history?: string;
  night?: string;
  publish?: string[];
  publishIdentity?: string;
  title: string;
  url?: string;
  summary?: string;
  keepNights: string;
  keepWeeks: string;
  keepPages: string;
  resume?: boolean;
  json?: boolean;
}
