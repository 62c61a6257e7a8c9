/** The Lottery view: studies of lottery tickets, with their controls. */
export function LotteryPage() {
  return <section id="results" tabIndex={-1} />;
}
