package asl

import "strings"

// state reads one state and reports what is wrong with it.
func (r *reader) state(name string, v any) *state {
	s := &state{name: name}
	at := "/States/" + name
	if name == "" || len([]rune(name)) > 80 {
		r.report(codeSchema, at, "State name length must be between 1 and 80 characters")
	}
	o, ok := v.(*object)
	if !ok {
		r.report(codeSchema, at, "Expected value of type Object")
		return s
	}
	f := r.fields(o, at)
	kind, ok := f.text("Type")
	if !ok {
		f.require("Type")
		return s
	}
	s.kind = kind
	f.text("Comment")
	f.queryLanguage()
	switch kind {
	case "Task":
		s.task = f.task()
	case "Choice":
		s.choice = f.choice()
	case "Wait":
		s.wait = f.wait()
	case "Pass":
		s.pass = f.pass()
	case "Fail":
		s.fail = f.failState()
	case "Succeed":
	case "Map", "Parallel":
		f.fail("Type", "State '%s' is of type %s, which is not supported by the local AWS", name, kind)
		return s
	default:
		f.fail("Type", "Value is not one of: [Choice, Fail, Map, Parallel, Pass, Succeed, Task, Wait]")
		return s
	}
	if kind != "Fail" {
		s.input = f.dataPath("InputPath")
		s.output = f.dataPath("OutputPath")
	}
	if kind == "Task" || kind == "Wait" || kind == "Pass" {
		s.next = f.transition()
	}
	f.unsupported(name)
	f.finish()
	return s
}

// transition reads Next and End: exactly one of them.
func (f *fields) transition() string {
	next, hasNext := f.text("Next")
	end, _ := f.flag("End")
	switch {
	case hasNext && end:
		f.report(codeSchema, f.at, "You cannot set the fields [Next, End] together")
	case !hasNext && !end:
		f.report(codeSchema, f.at, "These fields are required: [Next] or [End: true]")
	}
	return next
}

// unsupported names fields of the language that the local AWS does not run.
func (f *fields) unsupported(state string) {
	for name := range strings.FieldsSeq("Assign Arguments Output HeartbeatSeconds HeartbeatSecondsPath Credentials") {
		if f.has(name) {
			f.known[name] = true
			f.fail(name, "Field '%s' of state '%s' is not supported by the local AWS", name, state)
		}
	}
}
