import { useId } from 'react';
import type { ComponentProps, ReactNode } from 'react';

interface LabelledProps {
  readonly name: string;
  /** Gets the id that its control must have. */
  readonly children: (id: string) => ReactNode;
}

/** A control under its name. */
export function Labelled({ name, children }: LabelledProps) {
  const id = useId();
  return (
    <div className="min-w-0">
      <label htmlFor={id} className="mb-1 block font-medium">
        {name}
      </label>
      {children(id)}
    </div>
  );
}

interface TextFieldProps extends Omit<ComponentProps<'input'>, 'id' | 'name' | 'className' | 'onChange'> {
  readonly name: string;
  /** Of addresses and other things that are read letter by letter. */
  readonly isCode?: boolean;
  readonly onChange?: (value: string) => void;
}

/** One line of text under its name. */
export function TextField({ name, isCode = false, onChange, ...rest }: TextFieldProps) {
  return (
    <Labelled name={name}>
      {(id) => (
        <input
          {...rest}
          {...(isCode ? { spellCheck: false } : {})}
          id={id}
          className={isCode ? 'field font-mono text-[12px]' : 'field'}
          {...(onChange === undefined ? {} : { onChange: (event) => onChange(event.target.value) })}
        />
      )}
    </Labelled>
  );
}
