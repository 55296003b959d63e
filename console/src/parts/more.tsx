import { Button, type ButtonProps } from "@mantine/core";

interface MoreProps extends Pick<ButtonProps, "size"> {
  /** A list that comes page by page. */
  readonly of: {
    readonly hasNextPage: boolean;
    readonly isFetchingNextPage: boolean;
    fetchNextPage(): Promise<unknown>;
  };
  readonly children: string;
}

/** Asks for the next page; nothing when there is none. */
export function More({ of, size = "sm", children }: MoreProps) {
  if (!of.hasNextPage) return null;
  return (
    <div>
      <Button
        variant="default"
        size={size}
        loading={of.isFetchingNextPage}
        onClick={() => void of.fetchNextPage()}
      >
        {children}
      </Button>
    </div>
  );
}
