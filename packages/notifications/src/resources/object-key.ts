/** What names a provider or an alert. */
export interface ObjectKey {
  readonly namespace: string;
  readonly name: string;
}

/** Of resources that name none. */
export const defaultNamespace = 'default';

export const keyText = ({ namespace, name }: ObjectKey): string => `${namespace}/${name}`;
export const keyOf = ({ namespace = defaultNamespace, name }: { namespace?: string; name: string }): ObjectKey => ({
  namespace,
  name,
});

/** Short where the namespace goes without saying. */
export const shownKey = (key: ObjectKey): string => (key.namespace === defaultNamespace ? key.name : keyText(key));
