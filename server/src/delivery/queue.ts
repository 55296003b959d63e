/** First in, first out; both ends cost the same however long it is. */
export interface Queue<Item> {
  push(item: Item): void;
  take(): Item | undefined;
  size(): number;
}

/** Taken places are given back in blocks. */
const block = 1_024;

export function createQueue<Item>(): Queue<Item> {
  let items: (Item | undefined)[] = [];
  let head = 0;
  return {
    push: (item) => {
      items.push(item);
    },
    take() {
      const item = items[head];
      if (head < items.length) {
        items[head] = undefined;
        head += 1;
      }
      if (head >= block && head * 2 >= items.length) {
        items = items.slice(head);
        head = 0;
      }
      return item;
    },
    size: () => items.length - head,
  };
}
