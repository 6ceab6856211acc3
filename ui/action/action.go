// Package action holds what an operator can do as data, and the messages by
// which a screen asks the program for something: go elsewhere, show a plan,
// copy, say a word. Screens send them; the root model acts on them.
package action

import (
	"context"
	"fmt"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"orderops/ui/keys"
	"orderops/workflow"
	"orderops/workflow/monitor"
	"orderops/workflow/operation"
	"orderops/workflow/operation/journal"
)

// Action is one thing that can be done here and now. The key line, the help,
// the palette and the key handling all come from it.
type Action struct {
	Binding keys.Binding
	// Title is the action in the imperative, for the palette.
	Title string
	// Changes marks what changes something in AWS: it is refused while read-only.
	Changes bool
	// Quiet actions work but take no place in the key line.
	Quiet bool
	// Unavailable says why the action can't run now; "" means it can.
	Unavailable string
	// Run starts the action.
	Run func() tea.Cmd
}

// Screen names one of the six screens.
type Screen int

// The screens, by the digit that opens them.
const (
	Overview Screen = iota + 1
	Orders
	Executions
	DeadLetters
	Submit
	Activity
)

// Name is the screen's title.
func (s Screen) Name() string {
	switch s {
	case Overview:
		return "Overview"
	case Orders:
		return "Orders"
	case Executions:
		return "Executions"
	case DeadLetters:
		return "Dead letters"
	case Submit:
		return "Submit"
	case Activity:
		return "Activity"
	}
	return ""
}

// Place is the screen in the names of its keys.
func (s Screen) Place() string { return strings.ReplaceAll(strings.ToLower(s.Name()), " ", "-") }

// Open asks for a screen, its list filtered and its cursor placed as told.
// Detail opens the row that Select names.
type Open struct {
	Screen Screen
	Filter string
	Select string
	Detail bool
}

// Ask shows a plan and applies it when the operator agrees.
type Ask struct {
	Plan operation.Plan
	// Number lets the operator set one whole number of the plan; nil means none.
	Number *Number
	// Apply does the work; number is the chosen one, 0 without Number.
	Apply func(ctx context.Context, number int) tea.Msg
	// Declined is the toast when it is not agreed to; "" says nothing.
	Declined string
	// Save keeps the plan in a new file, to be applied later or by somebody else;
	// nil is a plan that can't be kept.
	Save func(ctx context.Context, file string, number int) error
}

// Number is one whole number of a plan that can be changed before applying.
type Number struct {
	Label       string
	Value       int
	Least, Most int
	Unit        string
}

// Explain tells something in words that no list shows: what it is, what it means,
// what to do. A fact without a label is a paragraph.
//
// With a Verb it is asked whether to go on with Then, which changes nothing.
type Explain struct {
	Title string
	Facts []operation.Fact
	Verb  string
	Then  tea.Cmd
}

// Edit asks for one line of text, such as a file's name or an execution's input.
type Edit struct {
	Title, Label, Value, Hint string
	// Verb is the word on the button that goes on.
	Verb string
	// Check says what is wrong with the text; nil accepts all.
	Check func(string) error
	// Then goes on with the text.
	Then func(text string) tea.Cmd
}

// Done brings the outcome of something that was done to AWS back to the root.
type Done struct {
	// Record goes to Activity.
	Record operation.Record
	// Changes go to the store.
	Changes []monitor.Change
	// Touch are the feeds to poll at once, since what they show has changed.
	Touch []monitor.Feed
	// Err is what went wrong; nil when nothing did.
	Err error
	// Say is the toast when Err is nil; "" says nothing.
	Say string
	// Then is sent on after the outcome was taken in; nil sends nothing.
	Then tea.Msg
}

// Refresh tells the screen in view that the operator wants everything anew, also
// what is not polled.
type Refresh struct{}

// Unfinished are runs over dead letters that broke off at an earlier start.
type Unfinished struct{ Runs []journal.State }

// Copy puts text on the clipboard, or else IDs, a line each.
type Copy struct {
	Text string
	// IDs are pasted into shells: what would be obeyed there is made visible.
	IDs []string
	// What names it in the toast ("order id").
	What string
}

// CopyIDs puts one or several ids on the clipboard, a line each. what is the word
// for one of them.
func CopyIDs(ids []string, what string) tea.Cmd {
	if len(ids) > 1 {
		what = fmt.Sprintf("%d %ss", len(ids), what)
	}
	return Send(Copy{IDs: ids, What: what})
}

// Say shows one line for a moment.
type Say struct {
	Text string
	// Err is shown as an error and kept in the error log; Text is then not used.
	Err error
}

// World is what every screen sees: the live picture, what can be done, and the
// time. The root model fills it in; screens only read it, in Update and View.
type World struct {
	Store *monitor.Store
	// Desk is nil until the program is connected.
	Desk       *operation.Desk
	Deployment workflow.Deployment
	// Guard decides whether something may be changed.
	Guard *workflow.Guard
	Local bool
	// Keys are the operator's own.
	Keys keys.Own
	// Preview is where lists show the row under the cursor: one of list.Places.
	Preview string
	// Unmetered leaves out CloudWatch's metrics, which cost.
	Unmetered bool
	// Now is the time of the frame that is being made.
	Now time.Time
	// LastInput is when the operator last did something.
	LastInput time.Time
	// Context ends when the program does.
	Context context.Context
	// Hold names the inspection whose leases are given back when the program
	// ends, however it ends; nil names none.
	Hold func(inspection *operation.Inspection)
	// Compile reads a jq expression that edits bodies; nil where there is no jq.
	Compile func(expression string) (workflow.Transform, error)
	// ReadLog reads what a function logged; nil until the program is connected.
	ReadLog func(ctx context.Context, ask workflow.LogAsk) (workflow.FunctionLog, error)
	// Editor is the command line of the operator's editor; "" when none is set.
	Editor string
	// Usage is what was asked of AWS; nil until the program is connected.
	Usage Usage
	// TableSize tells how large the orders table is, ReadPage reads its next page
	// of PageRows; nil until the program is connected.
	TableSize func(ctx context.Context) (workflow.TableSize, error)
	ReadPage  func(ctx context.Context, token string) (rows []workflow.Row, next string, readUnits float64, err error)
}

// Usage tells what the program has asked of AWS, from memory.
type Usage interface {
	// Share is the used part of the busiest API's allowance; 1 means all of it.
	Share() float64
	APIs() []workflow.APIUse
	Calls() []workflow.Call
}

// Key is the key to press for a named action, for texts that tell of it.
func (w *World) Key(name string) string { return w.Keys.Label(name) }

// PageRows is how many rows of the table are read at once, on demand.
const PageRows = 200

// AskTimeout bounds what an operator asked for by hand.
const AskTimeout = 30 * time.Second

// Do runs f beside the program, within AskTimeout, and sends its answer back.
func (w *World) Do(f func(ctx context.Context) tea.Msg) tea.Cmd {
	parent := w.Context
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(parent, AskTimeout)
		defer cancel()
		return f(ctx)
	}
}

// NotConnected is why a change can't be made before the deployment is known.
func (w *World) NotConnected() string {
	if w.Desk == nil {
		return "not connected yet"
	}
	return ""
}

// NoChange is why nothing may be changed now; "" when it may.
func (w *World) NoChange() string {
	if why := w.Guard.State().Refusal(); why != "" {
		return why
	}
	return w.NotConnected()
}

// Send makes a command that delivers msg.
func Send(msg tea.Msg) tea.Cmd { return func() tea.Msg { return msg } }
