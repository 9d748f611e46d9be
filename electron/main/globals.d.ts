/** Version of package.json, put in by the build. */
declare const __APP_VERSION__: string;
/** Major version of the Electron that package.json pins, put in by the build. */
declare const __PINNED_ELECTRON_MAJOR__: number;
