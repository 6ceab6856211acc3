package keys

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"orderops/config/spelling"
)

// Own are the keys that an operator gave to actions, by name. Nil has none.
type Own map[string][]string

// Wrong is what is wrong with an operator's own keys.
type Wrong struct {
	// Name is the action that it is about.
	Name         string
	Reason, Next string
}

// reserved keys do the same on every screen and in every dialog: whoever is lost
// finds out by them.
func reserved() []string { return []string{"ctrl+c", "esc", "enter"} }

// Check finds the first mistake in an operator's own keys; false when there is none.
func (o Own) Check() (Wrong, bool) {
	for _, name := range slices.Sorted(maps.Keys(o)) {
		if reason, next := o.wrong(name); reason != "" {
			return Wrong{name, reason, next}, true
		}
	}
	for _, place := range places() {
		if w, found := o.collision(place); found {
			return w, true
		}
	}
	return Wrong{}, false
}

func (o Own) wrong(name string) (reason, next string) {
	at := slices.IndexFunc(Names(), func(n Named) bool { return n.Name == name })
	if at < 0 {
		return fmt.Sprintf("there is no action %q to give keys to", name), "Did you mean " + nearest(name) + "? docs/keys.md has all of them."
	}
	named := Names()[at]
	if named.Fixed {
		return fmt.Sprintf("the action %q always has %s", name, strings.Join(named.Keys, ", ")), "Leave it out."
	}
	if len(o[name]) == 0 {
		return fmt.Sprintf("the action %q is given no key", name), "Leave it out to keep " + strings.Join(named.Keys, ", ") + "."
	}
	for _, k := range o[name] {
		if slices.Contains(reserved(), k) {
			return fmt.Sprintf("%q can't be taken for %q", k, name), "It does the same on every screen; choose another key."
		}
		if _, err := Press(k); err != nil {
			return fmt.Sprintf("the key %q of %q %v", k, name, err), "Write it as docs/keys.md does."
		}
	}
	return "", ""
}

// collision finds a key of a screen that would do two things there. Own keys
// only: what the program gives does not collide.
func (o Own) collision(place string) (Wrong, bool) {
	taken := map[string]string{}
	for _, n := range on(place) {
		for _, k := range o.keys(n) {
			other, twice := taken[k]
			if !twice {
				taken[k] = n.Name
				continue
			}
			name := n.Name
			if o[name] == nil {
				name, other = other, name
			}
			where := "every screen"
			if place != "" && strings.Contains(name+other, ".") {
				where = "the screen " + place
			}
			return Wrong{
				name, fmt.Sprintf("%q would do two things on %s: %s and %s", k, where, name, other),
				"Give one of them another key: a key that is given away is free.",
			}, true
		}
	}
	return Wrong{}, false
}

// keys are those that an action has now.
func (o Own) keys(n Named) []string {
	if own := o[n.Name]; len(own) > 0 {
		return own
	}
	return n.Keys
}

// Translate gives for a press on a screen the key that the program knows it by;
// false when it means nothing there.
func (o Own) Translate(place string, msg tea.KeyPressMsg) (tea.KeyPressMsg, bool) {
	if len(o) == 0 {
		return msg, true
	}
	pressed, free := msg.String(), false
	for _, n := range on(place) {
		switch own := o[n.Name]; {
		case slices.Contains(own, pressed):
			known, err := Press(n.Keys[0])
			return known, err == nil
		case len(own) > 0 && slices.Contains(n.Keys, pressed):
			free = true
		}
	}
	return msg, !free
}

// Shown is a binding of a screen with the operator's own keys.
func (o Own) Shown(place string, b Binding) Binding {
	if len(o) == 0 {
		return b
	}
	if n, ok := NameOf(place, b); ok && len(o[n.Name]) > 0 {
		b.Keys, b.Label = o[n.Name], ""
	}
	return b
}

// Label is the key to press for a named action, as texts tell of it.
func (o Own) Label(name string) string {
	for _, n := range Names() {
		if n.Name == name {
			return o.keys(n)[0]
		}
	}
	return name
}

// places are the screens that have keys of their own, and "" for those without.
func places() []string {
	all := []string{""}
	for _, n := range Names() {
		if !slices.Contains(all, n.Place()) {
			all = append(all, n.Place())
		}
	}
	return all
}

// nearest is the name that was meant, it seems. The screen in front may have been
// left out.
func nearest(name string) string {
	spellings := map[string]string{}
	for _, n := range Names() {
		spellings[n.Name] = n.Name
		if _, what, found := strings.Cut(n.Name, "."); found && spellings[what] == "" {
			spellings[what] = n.Name
		}
	}
	return spellings[spelling.Nearest(name, slices.Sorted(maps.Keys(spellings))...)]
}
