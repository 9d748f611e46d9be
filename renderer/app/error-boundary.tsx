import { Component } from 'react';
import type { ReactNode } from 'react';

interface ErrorBoundaryProps {
  readonly children: ReactNode;
}

/** Catches a fault of the window itself. Nothing is lost: main owns every stream and every write. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, { readonly hasFailed: boolean }> {
  override state = { hasFailed: false };

  static getDerivedStateFromError(): { readonly hasFailed: boolean } {
    return { hasFailed: true };
  }

  override render(): ReactNode {
    if (!this.state.hasFailed) return this.props.children;
    return (
      <main className="flex h-full p-8">
        <div role="alert" className="m-auto max-w-[440px]">
          <h1 className="text-[20px] font-semibold">This window met a problem</h1>
          <p className="mt-2 text-ink-2">
            Your conversations are safe, and an answer that is arriving goes on arriving. Reloading shows it
            again.
          </p>
          <button
            type="button"
            className="button button-primary mt-5"
            onClick={() => window.location.reload()}
          >
            Reload window
          </button>
        </div>
      </main>
    );
  }
}
