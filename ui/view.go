package ui

import (
	"errors"
	"slices"

	"orderops/config"
	"orderops/ui/action"
	"orderops/ui/component/list"
	"orderops/workflow"
	"orderops/workflow/monitor"
)

// listed is a screen with a list that is looked at the same way the next time.
type listed interface{ List() *list.List }

// resume goes on with how this context was left. What is not known any more is
// left away, and why nothing can be gone on with is said.
func (m *Model) resume() {
	if err := m.options.ViewProblem; err != nil {
		record := workflow.Record{At: m.world.Now, Verb: "go on as the last time", Outcome: workflow.Undone, Detail: err.Error()}
		if file, ok := errors.AsType[*config.FileError](err); ok {
			record.Target, record.Detail = file.Path, file.Reason+". "+file.Next
		}
		m.store.Apply(monitor.Did{Record: record})
	}
	view := m.options.View
	if slices.Contains(list.Places(), view.Preview) {
		m.world.Preview = view.Preview
	}
	m.world.Unmetered = view.Unmetered
	for _, s := range m.order() {
		if screen, ok := m.screens[s].(listed); ok {
			was := view.Lists[s.Name()]
			screen.List().Resume(list.State{Filter: was.Filter, Sort: was.Sort, Descending: was.Descending})
		}
		if s.Name() == view.Screen && s != action.Submit { // nobody is to type into an order by surprise
			m.open = s
		}
	}
}

// keepView keeps how this context is left.
func (m *Model) keepView() {
	if m.options.KeepView == nil {
		return
	}
	view := config.View{Screen: m.open.Name(), Preview: m.world.Preview, Unmetered: m.world.Unmetered, Lists: map[string]config.ListView{}}
	for _, s := range m.order() {
		if screen, ok := m.screens[s].(listed); ok {
			is := screen.List().State()
			view.Lists[s.Name()] = config.ListView{Filter: is.Filter, Sort: is.Sort, Descending: is.Descending}
		}
	}
	m.options.KeepView(view)
}

// nextPreview puts the preview of lists to the next place.
func (m *Model) nextPreview() {
	places := list.Places()
	m.world.Preview = places[(slices.Index(places, m.world.Preview)+1)%len(places)]
	m.layout()
	word := m.world.Preview
	if word == "" {
		word = "where there is room"
	}
	m.inform("preview: " + word)
}
