// Package policy decides what IAM policy documents allow: statements of effect,
// actions and resources with wildcards. What it can't decide, such as a
// condition, it refuses to read.
package policy

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Policy is what one or more documents allow. The zero value allows nothing.
type Policy struct{ statements []statement }

type statement struct {
	Sid, Effect      string
	Action, Resource list
}

// list is one text or several.
type list []string

// UnmarshalJSON reads "a" as well as ["a", "b"].
func (l *list) UnmarshalJSON(b []byte) error {
	var one string
	if json.Unmarshal(b, &one) == nil {
		*l = list{one}
		return nil
	}
	return json.Unmarshal(b, (*[]string)(l))
}

// statements are one statement or several.
type statements []statement

// UnmarshalJSON reads an object as well as a list of objects.
func (s *statements) UnmarshalJSON(b []byte) error {
	if bytes.HasPrefix(bytes.TrimSpace(b), []byte("{")) {
		b = append(append([]byte("["), b...), ']')
	}
	return strictly(b, (*[]statement)(s))
}

// Parse reads policy documents, which add up as the policies of one identity do.
func Parse(documents ...[]byte) (Policy, error) {
	var p Policy
	for _, text := range documents {
		var document struct {
			Version   string
			ID        string `json:"Id"`
			Statement statements
		}
		if err := strictly(text, &document); err != nil {
			return Policy{}, fmt.Errorf("read the policy: %w", err)
		}
		if document.Version != "2012-10-17" {
			return Policy{}, fmt.Errorf("read the policy: its Version is %q, not 2012-10-17", document.Version)
		}
		for i, s := range document.Statement {
			if err := s.check(); err != nil {
				return Policy{}, fmt.Errorf("read the policy: statement %d: %w", i+1, err)
			}
		}
		p.statements = append(p.statements, document.Statement...)
	}
	return p, nil
}

func (s statement) check() error {
	switch {
	case s.Effect != "Allow" && s.Effect != "Deny":
		return fmt.Errorf("its Effect is %q, neither Allow nor Deny", s.Effect)
	case len(s.Action) == 0:
		return errors.New("it has no Action")
	case len(s.Resource) == 0:
		return errors.New("it has no Resource")
	}
	for _, text := range append(s.Action, s.Resource...) {
		if strings.Contains(text, "${") {
			return fmt.Errorf("the variable in %q can't be decided here", text)
		}
	}
	return nil
}

// Allows decides an action on a resource: a statement has to allow it, and none
// may deny it. Actions are compared without case, as IAM does.
func (p Policy) Allows(action, resource string) bool {
	allowed := false
	for _, s := range p.statements {
		if !s.Action.matches(strings.ToLower(action), strings.ToLower) || !s.Resource.matches(resource, strings.Clone) {
			continue
		}
		if s.Effect == "Deny" {
			return false
		}
		allowed = true
	}
	return allowed
}

func (l list) matches(text string, spell func(string) string) bool {
	for _, pattern := range l {
		if Matches(spell(pattern), text) {
			return true
		}
	}
	return false
}

// Matches compares a text with a pattern in which * stands for any characters
// and ? for any one.
func Matches(pattern, text string) bool {
	star, mark := -1, 0 // where the last * stands, and where it stopped eating
	p, t := 0, 0
	for t < len(text) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, mark = p, t
			p++
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == text[t]):
			p++
			t++
		case star >= 0:
			mark++
			p, t = star+1, mark
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}

// strictly decodes JSON and refuses members that it does not know.
func strictly(text []byte, to any) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(to); err != nil {
		return err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return errors.New("there is something behind its end")
	}
	return nil
}
