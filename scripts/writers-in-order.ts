export interface Writer {
  write(text: string): void;
  /** Nothing more comes: the next one's turn. */
  end(): void;
}

/** Writers for one screen that may all be at work: each shows what it has as soon as all before it have ended, so nothing is mixed. */
export function writersInOrder(count: number, write: (text: string) => void): Writer[] {
  const kept = Array.from({ length: count }, () => ({ text: '', isOver: false }));
  let turn = 0;
  const show = (): void => {
    for (let current = kept[turn]; current; current = kept[turn]) {
      if (current.text !== '') write(current.text);
      current.text = '';
      if (!current.isOver) return;
      turn += 1;
    }
  };
  return kept.map((own) => ({
    write(text) {
      own.text += text;
      show();
    },
    end() {
      own.isOver = true;
      show();
    },
  }));
}
