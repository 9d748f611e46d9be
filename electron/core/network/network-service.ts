import { AppError } from '../../contract/app-error.ts';
import type { NetworkStatus, NetworkStep } from '../../contract/model/network.ts';
import type { Settings, SettingsPatch } from '../../contract/model/settings.ts';
import type { ConnectionService } from '../connections/connection-service.ts';
import type { Clock, Desktop, KeyWindowHost } from '../ports.ts';
import type { SettingsService } from '../settings/settings-service.ts';
import type { CertificateService } from './certificate-service.ts';
import { checkSettingsPatch } from './check-settings-patch.ts';
import { DIAL_TIMEOUT_MS } from './dial.ts';
import type { NetworkTransport } from './network-transport.ts';
import { parseProxyLogin, parseProxyUrl } from './parse-proxy-url.ts';
import type { ProxyLogins } from './proxy-logins.ts';
import { PROXY_OWNER_ID } from './sealed-value.ts';
import { testConnection } from './test-connection.ts';

/** What the network's settings are kept with. */
export interface NetworkServiceDependencies {
  readonly settings: SettingsService;
  readonly connections: ConnectionService;
  readonly transport: NetworkTransport;
  readonly certificates: CertificateService;
  readonly logins: ProxyLogins;
  readonly keyWindow: KeyWindowHost;
  readonly desktop: Pick<Desktop, 'pickCertificateFile'>;
  readonly clock: Clock;
  readonly hasEnvironmentProxy: boolean;
  readonly allowsScripts: boolean;
}

/** The Network tab's business, and the key window's when it is open for a proxy. */
export class NetworkService {
  readonly #dependencies: NetworkServiceDependencies;
  /** The proxy whose login is being entered, when only that is asked; null when the address is asked too. */
  #fixedProxy: string | null = null;

  constructor(dependencies: NetworkServiceDependencies) {
    this.#dependencies = dependencies;
  }

  async status(): Promise<NetworkStatus> {
    const { logins, certificates, hasEnvironmentProxy, allowsScripts } = this.#dependencies;
    const login = logins.status();
    return {
      login: login === null ? null : { proxy: login.boundTo, state: login.state, restsIn: login.restsIn },
      hasEnvironmentProxy,
      allowsScripts,
      certificates: await certificates.list(),
      systemAuthorities: certificates.countSystemAuthorities(),
    };
  }

  /** Changes settings, the network's after a look at them. Throws `network/proxy-*`, `storage/*`. */
  changeSettings(patch: SettingsPatch): Settings {
    const changed = this.#dependencies.settings.change(checkSettingsPatch(patch));
    if (patch.proxy !== undefined || patch.certificates !== undefined) this.#connectAnew();
    return changed;
  }

  /** Throws `connection/not-found`, `policy/*`. */
  async test(connectionId: string): Promise<NetworkStep[]> {
    const { connections, transport, settings, clock } = this.#dependencies;
    const connection = connections.find(connectionId);
    // The steps before the last do not go through the provider.
    connections.assertUsable(connection);
    const { origin } = connection;
    return testConnection({
      url: new URL(origin),
      mode: settings.get().proxy.mode,
      route: (url) => transport.route(url),
      dialOptions: transport.dialOptions(AbortSignal.timeout(DIAL_TIMEOUT_MS)),
      askModels: async () => (await connections.test(connectionId, null)).modelCount,
      clock,
    }).then((steps) => this.#noteAskingProxy(steps));
  }

  async addCertificate(): Promise<NetworkStatus> {
    const { desktop, certificates } = this.#dependencies;
    const bytes = await desktop.pickCertificateFile();
    if (bytes !== null) {
      await certificates.add(bytes);
      this.#announceNewWay();
    }
    return this.status();
  }

  async removeCertificate(id: string): Promise<NetworkStatus> {
    await this.#dependencies.certificates.remove(id);
    this.#announceNewWay();
    return this.status();
  }

  removeLogin(): Promise<NetworkStatus> {
    this.#dependencies.logins.remove();
    this.#announceNewWay();
    return this.status();
  }

  /** Opens the key window for a login: of the manual proxy, or of the one that asked last or has one already. */
  async enterLogin(proxy: 'manual' | 'asking'): Promise<void> {
    const { keyWindow, transport, settings, logins } = this.#dependencies;
    const { mode, url } = settings.get().proxy;
    const asking = mode === 'manual' ? url : (transport.askingProxy ?? logins.status()?.boundTo ?? null);
    this.#fixedProxy = proxy === 'asking' ? asking : null;
    await keyWindow.open({ connectionId: PROXY_OWNER_ID, keyId: null });
  }

  /** What the key window asks for; null while it is open for a key. */
  describeLogin(): { readonly url: string; readonly isFixed: boolean } | null {
    if (this.#dependencies.keyWindow.task()?.connectionId !== PROXY_OWNER_ID) return null;
    const url = this.#fixedProxy ?? this.#dependencies.settings.get().proxy.url ?? '';
    return { url, isFixed: this.#fixedProxy !== null };
  }

  /** Keeps a login, sets the manual proxy if its address was entered too, and closes the window. */
  async saveLogin(entered: {
    readonly url: string;
    readonly userName: string;
    readonly password: string;
  }): Promise<void> {
    const { logins, keyWindow, settings } = this.#dependencies;
    const described = this.describeLogin();
    if (described === null) throw new AppError('ipc/forbidden', 'The window is not open for a proxy.');
    const { address, login: loginInUrl } = parseProxyUrl(described.isFixed ? described.url : entered.url);
    const login =
      entered.userName === '' && entered.password === '' && loginInUrl !== null
        ? loginInUrl
        : parseProxyLogin(entered.userName, entered.password);
    await logins.save(address.origin, login);
    if (!described.isFixed) {
      const { proxy } = settings.get();
      settings.change({ proxy: { ...proxy, mode: 'manual', url: address.origin } });
    }
    this.#announceNewWay();
    keyWindow.close();
  }

  #connectAnew(): void {
    this.#dependencies.certificates.forget();
    this.#dependencies.transport.reset();
  }

  /** Something behind the settings changed: the windows read that anew, and try again what had failed. */
  #announceNewWay(): void {
    this.#connectAnew();
    this.#dependencies.settings.announce();
  }

  #noteAskingProxy(steps: NetworkStep[]): NetworkStep[] {
    const error = steps.find((step) => step.name === 'proxy')?.error ?? null;
    if (error !== null) this.#dependencies.transport.note(error);
    return steps;
  }
}
