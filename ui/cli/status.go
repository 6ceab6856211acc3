package cli

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"orderops/config"
	"orderops/ui/text"
	"orderops/workflow"
	"orderops/workflow/monitor"
)

// overview is the state of the whole system at one time; its JSON is status/1.
type overview struct {
	Schema     string         `json:"schema"`
	At         time.Time      `json:"time"`
	Stack      string         `json:"stack,omitempty"`
	Account    string         `json:"account"`
	Region     string         `json:"region"`
	Queue      *depth         `json:"order_queue"`
	DeadLetter *depth         `json:"dead_letter_queue"`
	Oldest     *float64       `json:"oldest_message_seconds"`
	Consumer   string         `json:"consumer"`
	Executions map[string]int `json:"executions"`
	More       bool           `json:"older_executions_left_out"`
	States     map[string]int `json:"running_in_state"`
	Attention  []attention    `json:"needs_attention"`
	NotRead    []string       `json:"not_read"`
}

// depth is how much a queue holds.
type depth struct {
	Name     string `json:"name"`
	Visible  int    `json:"visible"`
	InFlight int    `json:"in_flight"`
	Delayed  int    `json:"delayed"`
}

// attention is one thing that needs a person.
type attention struct {
	Kind string `json:"kind"`
	Text string `json:"text"`
}

// logPages is how many pages of the executions' log a status reads, to tell in
// which state they are.
const logPages = 8

func (p *program) status() *cobra.Command {
	var format string
	var check, unmetered bool
	cmd := &cobra.Command{
		Use: "status", Short: "Print the overview once: queues, executions, what needs attention", Args: cobra.NoArgs,
		Long: "Prints what the dashboard's overview shows, once, for cron and chat. It only reads, and never receives a message. " +
			"It ends with 0 when it could look; with --check it ends with 1 when something needs attention, or could not be looked at.",
		Example: "orderops status\norderops status --check || mail -s 'orders need you' on-call@example.com",
	}
	cmd.RunE = p.with(func(ctx context.Context, _ []string) error {
		if err := checkOutput(format); err != nil {
			return &config.SettingError{Setting: "--output", Reason: err.Error(), Next: "See orderops status --help"}
		}
		return p.reach(ctx, func(c *Connection) error { return p.printStatus(ctx, c, format, check, unmetered) })
	})
	cmd.Flags().StringVarP(&format, "output", "o", "", "format: table or json; by default table on a terminal, else json")
	cmd.Flags().BoolVar(&check, "check", false, "end with the code 1 when something needs attention")
	cmd.Flags().BoolVar(&unmetered, "no-metrics", false, "leave CloudWatch's metrics out, which cost")
	p.bounded(cmd)
	return cmd
}

func (p *program) printStatus(ctx context.Context, c *Connection, format string, check, unmetered bool) error {
	v := p.newPicture(c)
	v.logPages = logPages
	if err := v.read(ctx, monitor.Poll{Feed: monitor.OrderQueueFeed}, monitor.Poll{Feed: monitor.DeadLetterQueueFeed}, monitor.Poll{Feed: monitor.ExecutionsFeed}); err != nil && v.missed == 3 {
		return err // nothing can be told
	}
	v.fill(ctx, func() monitor.Shown {
		return monitor.Shown{Executions: true, Running: true, Definition: true, Moves: true, Topic: true, Consumer: true, Metrics: !unmetered, Checks: true}
	})
	told := v.overview(c.Deployment, time.Now())
	if p.format(format) == formatJSON {
		if err := p.printJSON(told); err != nil {
			return err
		}
	} else {
		p.printOverview(told)
	}
	if needs := len(told.Attention) + len(told.NotRead); check && needs > 0 {
		reason := "one thing needs attention, see above"
		if needs > 1 {
			reason = fmt.Sprintf("%d things need attention, see above", needs)
		}
		return &workflow.Problem{Operation: "call everything well", Reason: reason, Next: "Open the dashboard: orderops"}
	}
	return nil
}

func (v *picture) overview(d workflow.Deployment, now time.Time) overview {
	o := overview{
		Schema: "status/1", At: now.UTC().Truncate(time.Second), Stack: d.Stack, Account: d.Account, Region: d.Region,
		Queue: v.depth(monitor.OrderQueue), DeadLetter: v.depth(monitor.DeadLetterQueue), Consumer: v.consumer(),
		Executions: map[string]int{}, States: map[string]int{}, More: v.store.MoreExecutions(), Attention: []attention{}, NotRead: []string{},
	}
	counts := v.store.Counts()
	for status, n := range counts.Executions {
		o.Executions[string(status)] = n
	}
	for state, n := range counts.States {
		if state == "" {
			state = "not known"
		}
		o.States[state] = n
	}
	metrics, _ := v.store.Metrics()
	if age, ok := metrics.OldestAge.Last(); ok {
		o.Oldest = &age
	}
	for _, f := range v.store.Findings(now) {
		if f.Kind != monitor.FeedStale {
			o.Attention = append(o.Attention, attention{string(f.Kind), f.Text})
		}
	}
	for _, feed := range []monitor.Feed{
		monitor.OrderQueueFeed, monitor.DeadLetterQueueFeed, monitor.ExecutionsFeed, monitor.DefinitionFeed, monitor.LogFeed, monitor.ConsumerFeed,
		monitor.MetricsFeed, monitor.MovesFeed, monitor.TopicFeed, monitor.RowsFeed, monitor.ChecksFeed,
	} {
		if err := v.store.Freshness(feed).Err; err != nil {
			o.NotRead = append(o.NotRead, feed.String()+": "+err.Error())
		}
	}
	return o
}

func (v *picture) depth(role monitor.Role) *depth {
	q, fresh := v.store.Queue(role)
	if fresh.ReadAt.IsZero() {
		return nil
	}
	return &depth{Name: q.Name, Visible: q.Visible, InFlight: q.InFlight, Delayed: q.Delayed}
}

func (v *picture) consumer() string {
	c, fresh := v.store.Consumer()
	switch {
	case fresh.ReadAt.IsZero():
		return "not known"
	case c.UUID == "":
		return "none"
	}
	return c.Function + " " + c.State
}

// printOverview is the overview as one screen of text.
func (p *program) printOverview(o overview) {
	lines := [][2]string{
		{"order queue", queueWords(o.Queue, o.Oldest)},
		{"consumer", o.Consumer},
		{"executions", countWords(o.Executions, []string{"RUNNING", "PENDING_REDRIVE", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"})},
	}
	if o.More {
		lines[2][1] += " (of the newest 1,000)"
	}
	if len(o.States) > 0 {
		lines = append(lines, [2]string{"running in", countWords(o.States, nil)})
	}
	lines = append(lines, [2]string{"dead letters", queueWords(o.DeadLetter, nil)})
	where := o.Account + " " + o.Region
	if o.Stack != "" {
		where = o.Stack + " · " + where
	}
	p.print("%s · %s\n", text.Clean(where), o.At.Local().Format(time.DateTime))
	p.printLines(lines)
	for _, f := range o.Attention {
		words := f.Text
		if !strings.Contains(words, f.Kind) {
			words = f.Kind + ": " + words
		}
		p.print("! %s\n", text.Clean(words))
	}
	for _, f := range o.NotRead {
		p.print("? %s\n", text.Clean(f))
	}
	if len(o.Attention)+len(o.NotRead) == 0 {
		p.print("nothing needs attention\n")
	}
}

func queueWords(d *depth, oldest *float64) string {
	if d == nil {
		return "not read"
	}
	words := fmt.Sprintf("%s waiting · %s in flight", text.Count(d.Visible), text.Count(d.InFlight))
	if d.Delayed > 0 {
		words += fmt.Sprintf(" · %s delayed", text.Count(d.Delayed))
	}
	if oldest != nil {
		words += " · oldest " + text.Age(time.Duration(*oldest)*time.Second)
	}
	return words
}

// countWords tells counts, those of order first, the others by name.
func countWords(counts map[string]int, order []string) string {
	var parts []string
	seen := map[string]bool{}
	for _, name := range append(order, sortedKeys(counts)...) {
		if n := counts[name]; n > 0 && !seen[name] {
			parts = append(parts, text.Count(n)+" "+name)
		}
		seen[name] = true
	}
	if len(parts) == 0 {
		return "none"
	}
	return strings.Join(parts, " · ")
}
