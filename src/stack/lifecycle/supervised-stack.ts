import { randomBytes } from 'node:crypto';
import { config } from '../../../config.js';
import { freePort } from '../../loopback/ports.js';
import type { LoopbackServer } from '../../loopback/start-server.js';
import { CodedError } from '../../m2_3_monitoring/errors/index.js';
import { alertmanagerAt } from '../../prometheus/alertmanager.js';
import { notificationsAt } from '../clients/notifications-client.js';
import { prometheusAt } from '../clients/start-prometheus.js';
import { inFolder, type StackPaths } from '../config/stack-folder.js';
import { basicAuthorization, createCredentials, writeWebConfig } from '../config/web-config.js';
import { writeConfigs } from '../config/write-configs.js';
import { requireTool } from '../process/find-tool.js';
import { choosePort } from '../process/ports.js';
import { identityOf } from '../process/process-identity.js';
import type { ProcessStatus, Supervised } from '../process/supervise.js';
import { startGate } from '../receiver/gate.js';
import { startStackService, WEBHOOK_PATH } from '../receiver/supervisor-api.js';
import type { Stack } from './stack.js';
import type { StackOptions } from './stack-options.js';
import { PROGRAM_NAMES, type Program, reloadProgram, superviseProgram } from './stack-processes.js';
import { claimState, readState, removeState, type StackState, writeState } from './stack-state.js';

const PREFERRED = { prometheus: 9090, alertmanager: 9093 };
const PROGRAMS = ['alertmanager', 'prometheus'] as const;
const STOPPED: ProcessStatus = { state: 'stopped', pid: undefined, restarts: 0 };

/** A stack that this process supervises, from its first file to its end. */
class SupervisedStack {
  private readonly programs: Partial<Record<Program, Supervised>> = {};
  private readonly gates: LoopbackServer[] = [];
  private readonly credentials = createCredentials();
  private readonly ports = {} as Record<Program, number>;
  private service!: LoopbackServer;
  private ending: Promise<void> | undefined;
  private claimed = false;
  private state!: StackState;

  constructor(
    private readonly paths: StackPaths,
    private readonly options: StackOptions,
  ) {}

  private readonly report = (line: string) => this.options.report?.(line);

  /** Claims the folder for this process; false where another process was faster. */
  async claim(): Promise<boolean> {
    const { target, ports = {} } = this.options;
    const token = randomBytes(24).toString('hex');
    const urls = {
      prometheusUrl: `http://127.0.0.1:${await choosePort('Prometheus', PREFERRED.prometheus, ports.prometheus)}`,
      alertmanagerUrl: `http://127.0.0.1:${await choosePort('Alertmanager', PREFERRED.alertmanager, ports.alertmanager)}`,
    };
    this.service = await startStackService({
      file: this.paths.notifications,
      token,
      state: () => ({ ...this.currentState(), token: undefined }),
      stop: () => this.stop(),
      reload: () => this.reload(),
      report: this.report,
    });
    const processes = { prometheus: STOPPED, alertmanager: STOPPED };
    const startedAt = new Date().toISOString();
    const notificationsUrl = this.service.url;
    this.state = {
      ...identityOf(process.pid),
      pid: process.pid,
      startedAt,
      target,
      ready: false,
      ...urls,
      notificationsUrl,
      processes,
      token,
    };
    this.claimed = inFolder(this.paths.folder, () => claimState(this.paths.state, this.state));
    if (!this.claimed) await this.service.close();
    return this.claimed;
  }

  private currentState(): StackState {
    const statusOf = (program: Program) => this.programs[program]?.status() ?? STOPPED;
    return {
      ...this.state,
      processes: { prometheus: statusOf('prometheus'), alertmanager: statusOf('alertmanager') },
    };
  }

  private save(): void {
    if (!this.claimed) return;
    try {
      writeState(this.paths.state, this.currentState());
    } catch (error) {
      this.report(`${this.paths.state} cannot be written (${(error as NodeJS.ErrnoException).code})`);
    }
  }

  private writeConfigs(): Promise<void> {
    const { target, intervalSeconds, ruleFiles, token = config.METRICS_TOKEN } = this.options;
    const { credentials } = this;
    const alertmanager = `127.0.0.1:${this.ports.alertmanager}`;
    const webhook = { webhookUrl: `${this.service.url}${WEBHOOK_PATH}`, webhookToken: this.state.token };
    const adaptation = { target, intervalSeconds, ruleFiles, token, alertmanager, credentials };
    return writeConfigs(this.paths.folder, webhook, adaptation);
  }

  async start(): Promise<void> {
    for (const program of PROGRAMS) this.ports[program] = await freePort();
    writeWebConfig(this.paths.folder, this.credentials);
    await this.writeConfigs();
    for (const program of PROGRAMS) {
      const { paths, report } = this;
      const url = this.state[`${program}Url`];
      await this.openGate(program);
      const options = { paths, port: this.ports[program], url, report, onChange: () => this.save() };
      this.programs[program] = superviseProgram(program, options);
    }
    await Promise.all(Object.values(this.programs).map(({ ready }) => ready));
    this.state.ready = true;
    this.save();
  }

  private async openGate(program: Program): Promise<void> {
    const upstream = `http://127.0.0.1:${this.ports[program]}`;
    const port = Number(new URL(this.state[`${program}Url`]).port);
    const authorization = basicAuthorization(this.credentials);
    try {
      this.gates.push(await startGate({ name: PROGRAM_NAMES[program], port, upstream, authorization }));
    } catch (cause) {
      const message = `port ${port} for ${PROGRAM_NAMES[program]} was just taken by another program: start the stack again`;
      throw new CodedError(message, 'ERR_PORT_IN_USE', { cause });
    }
  }

  async reload(): Promise<void> {
    await this.writeConfigs();
    for (const program of PROGRAMS) {
      const supervised = this.programs[program];
      if (supervised) await reloadProgram(program, this.state[`${program}Url`], supervised);
    }
  }

  stop(): Promise<void> {
    this.ending ??= this.end();
    return this.ending;
  }

  private async end(): Promise<void> {
    await Promise.all(Object.values(this.programs).map((program) => program.stop()));
    await Promise.all([this.service, ...this.gates].map((server) => server.close()));
    this.claimed = false;
    const state = readState(this.paths.state);
    // Not that of a stack which came after.
    if (state !== 'damaged' && state?.startedAt === this.state.startedAt) removeState(this.paths.state);
    if (this.state.ready) this.options.onEnd?.();
  }

  toStack(): Stack {
    const { prometheusUrl, alertmanagerUrl, notificationsUrl, startedAt, target } = this.state;
    const stop = () => this.stop();
    return {
      prometheus: prometheusAt(prometheusUrl, stop),
      alertmanager: alertmanagerAt(alertmanagerUrl),
      notifications: notificationsAt(notificationsUrl, startedAt),
      folder: this.paths.folder,
      target,
      alreadyRunning: false,
      status: async () => ({ ...this.currentState(), token: undefined }),
      announce: (addresses) => {
        Object.assign(this.state, addresses);
        this.save();
      },
      reload: () => this.reload(),
      stop,
    };
  }
}

/** Starts a stack that this process supervises; undefined where another process has just claimed the folder. */
export async function startSupervisedStack(paths: StackPaths, options: StackOptions): Promise<Stack | undefined> {
  for (const tool of ['prometheus', 'promtool', 'alertmanager', 'amtool'] as const) requireTool(tool);
  const stack = new SupervisedStack(paths, options);
  if (!(await stack.claim())) return undefined;
  try {
    await stack.start();
  } catch (error) {
    await stack.stop();
    throw error;
  }
  return stack.toStack();
}
