package ui

import (
	"fmt"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"orderops/ui/text"
	"orderops/workflow"
	"orderops/workflow/monitor"
)

// How the operator is told of something while looking elsewhere.
const (
	NotifyBell = "bell" // the terminal's bell
	NotifyOSC9 = "osc9" // a desktop notification, where the terminal knows OSC 9
	NotifyOff  = "off"
)

// mostFollowed bounds how many orders are followed to their end.
const mostFollowed = 100

// watch is what the operator is waiting for.
type watch struct {
	// orders are followed to their end: those sent in this session and those
	// whose execution was open while it ran, the oldest first.
	orders []workflow.OrderID
	// letters is how many dead letters there were when they were last told of;
	// counted tells that it is known.
	letters int
	counted bool
	told    time.Time
}

// follow adds an order.
func (w *watch) follow(id workflow.OrderID) {
	if slices.Contains(w.orders, id) {
		return
	}
	if w.orders = append(w.orders, id); len(w.orders) > mostFollowed {
		w.orders = w.orders[1:]
	}
}

// lettersEvery is how often growing dead letters are told of: in an incident they
// grow with every poll, and the line is needed for keys as well.
const lettersEvery = time.Minute

// news tells what has happened since the last time: an order ended, or there are
// more dead letters.
func (w *watch) news(store *monitor.Store, open workflow.ExecutionARN, now time.Time) (news []string) {
	if e, ok := store.Executions().Get(open); ok && open != "" && !e.Status.Ended() {
		w.follow(e.OrderID())
	}
	kept := w.orders[:0]
	for _, id := range w.orders {
		o, ok := store.Orders().Get(id)
		if ok && o.Execution != nil && o.Execution.Status.Ended() {
			news = append(news, fmt.Sprintf("order %s %s", text.Clean(string(id)), o.Where))
			continue
		}
		kept = append(kept, id)
	}
	w.orders = kept
	if queue, freshness := store.Queue(monitor.DeadLetterQueue); freshness.Condition() == monitor.Current {
		w.count(queue.Total(), now, &news)
	}
	return news
}

// count tells of more dead letters, at once when there were none.
func (w *watch) count(n int, now time.Time, news *[]string) {
	switch {
	case n == 0 || !w.counted:
		w.told = time.Time{}
	case n > w.letters && now.Sub(w.told) < lettersEvery:
		return // what came meanwhile is told with the rest
	case n > w.letters:
		*news = append(*news, fmt.Sprintf("dead letters: %s more, now %s", text.Count(n-w.letters), text.Count(n)))
		w.told = now
	}
	w.letters, w.counted = n, true
}

// notify tells what the operator is waiting for, also to who looks elsewhere.
func (m *Model) notify() tea.Cmd {
	var commands []tea.Cmd
	for _, line := range m.watch.news(m.store, m.current().Shown().Open, m.world.Now) {
		m.inform(line)
		switch m.options.Notify {
		case NotifyOff:
		case NotifyOSC9:
			commands = append(commands, tea.Raw("\x1b]9;"+text.Clean(line)+"\x07"))
		default:
			commands = append(commands, tea.Raw("\a"))
		}
	}
	return tea.Batch(commands...)
}
