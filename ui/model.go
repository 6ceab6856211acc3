package ui

import (
	"context"
	"sync/atomic"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"orderops/ui/action"
	"orderops/ui/component/toast"
	"orderops/ui/keys"
	"orderops/ui/screen/activity"
	"orderops/ui/screen/deadletters"
	"orderops/ui/screen/executions"
	"orderops/ui/screen/orders"
	"orderops/ui/screen/overview"
	"orderops/ui/screen/submit"
	"orderops/ui/theme"
	"orderops/workflow"
	"orderops/workflow/monitor"
	"orderops/workflow/operation"
)

// screen is one of the six. It draws exactly the size that it was given and is
// asked for its actions after every message.
type screen interface {
	SetTheme(th *theme.Theme)
	SetSize(w, h int)
	// Show is called when the screen comes into view, Hide when it leaves it.
	Show(open action.Open) tea.Cmd
	Hide() tea.Cmd
	// Refresh tells that the store or the time has changed.
	Refresh()
	Update(msg tea.Msg) tea.Cmd
	View() string
	Actions() []action.Action
	// Shown is what the feeds should care about.
	Shown() monitor.Shown
	// Back goes one step back inside the screen; false when there is none.
	Back() bool
	// Typing tells that keys go into a text.
	Typing() bool
	Cursor() *tea.Cursor
	// Moving tells that what is shown changes with time alone.
	Moving() bool
}

// Model is the root of the dashboard. Its state belongs to the goroutine of the
// Bubble Tea program.
type Model struct {
	options    Options
	world      *action.World
	store      *monitor.Store
	schedule   *monitor.Schedule
	connection *Connection
	connecting bool
	problem    error // why there is no connection

	theme         *theme.Theme
	dark, colour  bool
	width, height int

	screens map[action.Screen]screen
	open    action.Screen
	// visited are the screens to go back to, the newest last.
	visited []action.Screen
	overlay overlay
	toasts  toast.Toasts
	keys    keys.Map
	// inputs counts keys, pastes and clicks.
	inputs int
	asking asking

	// paused is since when the picture is frozen; zero when it is live.
	paused time.Time
	watch  watch

	clock   clock
	focused bool
	ticked  time.Time // the last tick that the store was told

	// questions come from whoever connects.
	questions chan asked

	leaving bool
	// next is the context to go on with after leaving; "" ends the program.
	next string
	// hurried tells that the operator does not want to wait for the end.
	hurried atomic.Bool
	// held is read by Run after the program has ended.
	held atomic.Pointer[operation.Inspection]
	// kept is what came of giving leases back that could not be given back.
	kept atomic.Pointer[workflow.Record]
}

// New makes the dashboard. ctx ends everything that it starts.
func New(ctx context.Context, options Options) *Model {
	now := time.Now()
	store := monitor.NewStore()
	world := &action.World{Store: store, Keys: options.Keys, Local: options.Local, Guard: options.Guard, Now: now, LastInput: now, Context: ctx, Editor: options.Editor, Compile: options.Compile}
	m := &Model{
		options: options, world: world, store: store, schedule: monitor.NewSchedule(now),
		dark: options.Background != Light, colour: !options.NoColour, open: action.Overview, keys: keys.Global(),
		focused: true, questions: make(chan asked),
	}
	world.Hold = m.held.Store
	m.schedule.Slow(options.Refresh)
	m.screens = map[action.Screen]screen{
		action.Overview:    overview.New(world),
		action.Orders:      orders.New(world),
		action.Executions:  executions.New(world),
		action.DeadLetters: deadletters.New(world),
		action.Submit:      submit.New(world),
		action.Activity:    activity.New(world),
	}
	m.setTheme()
	m.resume()
	return m
}

// Init asks for the background colour and connects, both after the first frame.
func (m *Model) Init() tea.Cmd {
	m.connecting = true
	return tea.Batch(tea.RequestBackgroundColor, m.await(), m.connect(), m.current().Show(action.Open{Screen: m.open}))
}

// Update takes in one message. It does no IO and never waits.
func (m *Model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	m.world.Now = time.Now()
	cmd := m.handle(msg)
	return m, tea.Batch(cmd, m.poll(), m.wake())
}

func (m *Model) handle(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.width, m.height = msg.Width, msg.Height
		m.layout()
	case tea.BackgroundColorMsg:
		if m.options.Background == "" {
			m.dark = msg.IsDark()
			m.setTheme()
		}
	case tea.ColorProfileMsg:
		m.colour = !m.options.NoColour && msg.Profile > colorprofile.ASCII
		m.setTheme()
	case tea.FocusMsg:
		m.focused = true
	case tea.BlurMsg:
		m.focused = false
	case tea.ResumeMsg:
		m.world.LastInput = m.world.Now
	case ticked:
		if m.clock.take(msg) {
			m.refresh()
		}
	case connected:
		return m.connected(msg)
	case asked:
		return m.asked(msg)
	case answered:
		return m.answered(msg)
	case followDue:
		return m.followDue(msg)
	case followed:
		return m.followed(msg)
	case left:
		return tea.Quit
	case tea.KeyPressMsg:
		m.input()
		return m.key(msg)
	case tea.PasteMsg:
		m.input()
		return m.paste(msg)
	case tea.MouseMsg:
		m.input()
		return m.mouse(msg)
	case action.Open:
		return m.show(msg)
	case action.Ask:
		m.question(msg)
	case action.Edit:
		m.edit(msg)
	case action.EditText:
		return m.editText(msg)
	case textEdited:
		return m.textEdited(msg)
	case action.Explain:
		m.explain(msg)
	case action.Done:
		return m.done(msg)
	case action.Copy:
		return m.copy(msg)
	case action.Say:
		m.say(msg)
	case action.Unfinished:
		if len(msg.Runs) > 0 {
			m.inform("a " + msg.Runs[0].Head.Verb + " of dead letters broke off: see the dead letters, " + m.world.Key("dead-letters.finish") + " finishes it")
		}
		return m.tell(msg)
	default:
		return m.tell(msg)
	}
	return nil
}

// tell hands a message to every screen: an answer belongs to the screen that
// asked, whether it is in view or not.
func (m *Model) tell(msg tea.Msg) tea.Cmd {
	var commands []tea.Cmd
	for _, s := range m.order() {
		commands = append(commands, m.screens[s].Update(msg))
	}
	return tea.Batch(commands...)
}

func (m *Model) order() []action.Screen {
	return []action.Screen{action.Overview, action.Orders, action.Executions, action.DeadLetters, action.Submit, action.Activity}
}

func (m *Model) current() screen { return m.screens[m.open] }

func (m *Model) setTheme() {
	m.theme = theme.New(m.dark, m.colour)
	if m.world.Guard.State().Production {
		m.theme = m.theme.Alarmed()
	}
	for _, s := range m.screens {
		s.SetTheme(m.theme)
	}
}

// refresh redraws what depends on the store or on time.
func (m *Model) refresh() {
	if m.world.Now.Sub(m.ticked) >= time.Second {
		m.ticked = m.world.Now
		m.store.Tick(m.world.Now)
	}
	m.current().Refresh()
}

// show opens a screen, remembering the one that is left.
func (m *Model) show(open action.Open) tea.Cmd {
	var leave tea.Cmd
	if open.Screen != m.open {
		leave = m.current().Hide()
		m.visited = append(m.visited, m.open)
		if len(m.visited) > 20 {
			m.visited = m.visited[1:]
		}
		m.open = open.Screen
	}
	enter := m.current().Show(open)
	m.current().Refresh()
	return tea.Batch(leave, enter)
}

// back goes one step back: inside the screen, else to the screen before. It
// never quits.
func (m *Model) back() tea.Cmd {
	if m.current().Back() {
		m.current().Refresh()
		return nil
	}
	if len(m.visited) == 0 {
		m.inform("nothing to go back to; " + m.world.Key("quit") + " quits")
		return nil
	}
	last := m.visited[len(m.visited)-1]
	m.visited = m.visited[:len(m.visited)-1]
	leave := m.current().Hide()
	m.open = last
	enter := m.current().Show(action.Open{Screen: last})
	m.current().Refresh()
	return tea.Batch(leave, enter)
}

// question shows a plan. A plan can take seconds to be made: it never takes the
// place of what was opened meanwhile, and the keys that were meant for that.
func (m *Model) question(ask action.Ask) {
	if m.overlay != nil {
		m.inform("not shown over what is open: " + ask.Plan.Title + "; ask again")
		return
	}
	something, unseen := m.meanwhile()
	if unseen {
		m.inform("not asked while you are elsewhere: " + ask.Plan.Title + "; ask again")
		return
	}
	q := newQuestion(m.theme, m.world, m.options.Context, ask)
	if something {
		q.silentSince = m.world.Now
	}
	m.overlay = q
}

// input notes that the operator did something.
func (m *Model) input() {
	m.world.LastInput = m.world.Now
	m.inputs++
}

// done takes in the outcome of an operation.
func (m *Model) done(msg action.Done) tea.Cmd {
	if msg.Record.Verb != "" {
		m.store.Apply(monitor.Did{Record: msg.Record})
	}
	m.store.Apply(msg.Changes...)
	m.schedule.Touch(msg.Touch...)
	switch {
	case msg.Err != nil:
		m.complain(msg.Err)
	case msg.Say != "":
		m.toasts.Show(toast.Entry{At: m.world.Now, Level: toast.Good, Text: msg.Say})
	}
	m.current().Refresh()
	var then tea.Cmd
	if msg.Then != nil {
		then = action.Send(msg.Then)
	}
	return tea.Batch(then, m.followAll(msg.Changes))
}

func (m *Model) say(msg action.Say) {
	if msg.Err != nil {
		m.complain(msg.Err)
		return
	}
	m.inform(msg.Text)
}

// inform shows one line for a moment.
func (m *Model) inform(line string) {
	m.toasts.Show(toast.Entry{At: m.world.Now, Level: toast.Info, Text: line})
}

// complain shows an error for a moment and keeps it whole in the error log.
func (m *Model) complain(err error) {
	m.toasts.Show(toast.Entry{At: m.world.Now, Level: toast.Error, Text: action.Headline(err), Detail: action.Story(err)})
}
