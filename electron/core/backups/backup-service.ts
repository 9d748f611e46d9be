import type { Backup } from '../../contract/model/backup.ts';
import type { HistoryFiles, RepairReport, StartReport } from '../history/history-files.ts';
import type { NoticeBoard } from '../notices/notice-board.ts';
import type { Desktop, Logger } from '../ports.ts';

/** What looking after the history needs. */
export interface BackupDependencies {
  readonly files: HistoryFiles;
  readonly notices: NoticeBoard;
  readonly desktop: Desktop;
  readonly logger: Logger;
  /** Ends replies and waits until they are saved. */
  readonly stopReplies: () => Promise<void>;
  /** Called when what was deleted has left the backups, and then every hour. */
  readonly onTended: () => Promise<void>;
}

/** The window comes first: reading the whole database and copying it can wait so long. */
const START_DELAY_MS = 15_000;
/** How often it is asked whether a day has passed. */
const INTERVAL_MS = 3_600_000;

/** Looks after the history in the background: checks it, backs it up daily, and deletes from the backups what was deleted. */
export class BackupService {
  readonly #dependencies: BackupDependencies;
  readonly #timers = new Set<NodeJS.Timeout>();
  #isStopped = false;

  constructor(dependencies: BackupDependencies) {
    this.#dependencies = dependencies;
  }

  /** Says what opening had to do, and begins to look after the history. */
  start(report: StartReport): void {
    const { notices } = this.#dependencies;
    if (report.repair !== null)
      notices.raise('storage/corrupt', 'The history was damaged', describeRepair(report.repair));
    if (report.hasRestoreFailed) {
      notices.raise(
        'storage/corrupt',
        'The backup could not be restored',
        'It cannot be read. Your history was kept as it was; another backup may be whole.',
      );
    }
    this.#later(START_DELAY_MS, () => this.tend(report.isCheckDue));
  }

  stop(): Promise<void> {
    this.#isStopped = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    return this.#dependencies.files.idle();
  }

  /** What is due now; and again in an hour. */
  async tend(isCheckDue: boolean): Promise<void> {
    const { files } = this.#dependencies;
    this.#later(INTERVAL_MS, () => this.tend(false));
    const isDamaged = isCheckDue && (await this.#attempt('check the history', () => this.#check()));
    await this.purge();
    if (isDamaged !== true) await this.#dependencies.onTended();
    // A copy of a damaged history would push out one that is whole.
    if (isDamaged !== true) await this.#attempt('back the history up', () => files.makeDailyBackup());
  }

  /** Deletes from the backups what was deleted for good. What fails is tried again in an hour and at the next start. */
  async purge(): Promise<void> {
    // A transfer that ends because the program does: quitting does not wait for backups.
    if (this.#isStopped) return;
    await this.#attempt('delete from the backups', () => this.#dependencies.files.purgeBackups());
  }

  async list(): Promise<Backup[]> {
    return [...(await this.#dependencies.files.listBackups())];
  }

  make(): Promise<Backup> {
    return this.#dependencies.files.makeBackup('manual');
  }

  async remove(name: string): Promise<void> {
    await this.#dependencies.files.removeBackup(name);
  }

  /** Restarts into the backup; the present history becomes a backup itself. */
  async restore(name: string): Promise<void> {
    const { files, desktop, stopReplies } = this.#dependencies;
    await files.requestRestore(name);
    await stopReplies();
    desktop.restart();
  }

  async #check(): Promise<boolean> {
    const { files, notices } = this.#dependencies;
    const { isDamaged } = await files.check();
    if (isDamaged) {
      notices.raise(
        'storage/corrupt',
        'The history is damaged',
        'Quit and start Latchkey again: it then saves what can be read and keeps the damaged file. Nothing was deleted.',
      );
    }
    return isDamaged;
  }

  async #attempt<T>(what: string, action: () => Promise<T>): Promise<T | null> {
    try {
      return await action();
    } catch (error) {
      this.#dependencies.logger.warn(`could not ${what}`, { error });
      return null;
    }
  }

  #later(delayMs: number, action: () => Promise<void>): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      void action();
    }, delayMs);
    timer.unref();
    this.#timers.add(timer);
  }
}

function describeRepair({ keptAs, conversationCount, messageCount, fromBackupCount }: RepairReport): string {
  const saved = `${count(messageCount, 'message')} in ${count(conversationCount, 'conversation')}`;
  const source = fromBackupCount === 0 ? '' : `, ${count(fromBackupCount, 'message')} of them from a backup`;
  return `Latchkey saved what could be read: ${saved}${source}. Nothing was deleted: the damaged file is kept as backups/${keptAs}.`;
}

function count(number: number, what: string): string {
  return `${number.toLocaleString('en')} ${what}${number === 1 ? '' : 's'}`;
}
