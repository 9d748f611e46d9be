import { CertificateSection } from './certificate-section.tsx';
import { ConnectionTest } from './connection-test.tsx';
import { ProxySection } from './proxy-section.tsx';
import { RequestList } from './request-list.tsx';

/** How requests find their way, whom they believe, whether that works, and every request there was. */
export function NetworkTab() {
  return (
    <div className="flex flex-col divide-y divide-line">
      <ProxySection />
      <CertificateSection />
      <ConnectionTest />
      <RequestList />
    </div>
  );
}
