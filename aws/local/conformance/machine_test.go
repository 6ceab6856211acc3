package conformance

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// definition makes the definition of the recording's state machine: from its
// template, with what its test put into it.
func (s *session) definition() members {
	s.t.Helper()
	if s.recording.name() == "test_start_large_input" {
		return largeResult()
	}
	name := s.library.template(s.recording)
	content, ok := s.library.definitions[name]
	if !ok {
		s.t.Fatalf("there is no definition %q", name)
	}
	var definition members
	decode(s.t, name, content, &definition)
	s.adapt(definition)
	s.setResources(definition)
	return definition
}

// largeResult is a machine whose only state puts out more than the language allows.
func largeResult() members {
	return members{"StartAt": "State_1", "States": members{"State_1": members{
		"Type": "Pass", "Result": members{"Arg1": strings.Repeat("a", 257*1024)}, "End": true,
	}}}
}

// adapt changes a definition as the recording's test did.
func (s *session) adapt(definition members) {
	states, _ := definition["States"].(members)
	parameters := s.recording.parameters()
	state := func(name string) members { return states[name].(members) }
	switch s.recording.name() {
	case "test_state_pass_result_jsonpaths":
		state("State_1")["Result"] = members{"unsupported1.$": "$.jsonpath", "unsupported2.$": "$$"}
	case "test_json_path_array_access", "test_json_path_array_wildcard_or_slice_with_no_input":
		state("EntryState")["Parameters"] = members{"item.$": parameters}
	case "test_input_path":
		state("TestState")["InputPath"] = parameters
	case "test_output_path":
		state("TestState")["OutputPath"] = parameters
	case "test_result_selector":
		state("TestState")["ResultSelector"].(members)["ContextObjectValue.$"] = "$$.Execution.Input"
	case "test_variable":
		state("TestState")["Choices"].([]any)[0].(members)["Variable"] = "$$.Execution.Input.input-value"
	case "test_wait_timestamp", "test_wait_timestamp_invalid":
		state("WaitUntil")["Timestamp"] = timestamp(parameters)
	case "test_global_timeout":
		definition["TimeoutSeconds"] = 1
	case "test_raise_custom_exception":
		state("InvokeLambda")["Catch"].([]any)[0].(members)["ErrorEquals"] = []any{"CustomException"}
	}
}

// timestamp is the time that a test's parameter stands for.
func timestamp(parameter string) string {
	switch parameter {
	case "NANOSECONDS":
		return "2016-12-05T21:29:29.243167252Z"
	case "NO_T":
		return "2016-12-05 21:29:29Z"
	case "NO_Z":
		return "2016-12-05T21:29:29"
	case "INVALID_DATE":
		return "2016-13-05T21:29:29Z"
	case "INVALID_TIME":
		return "2016-12-05T25:29:29Z"
	case "INVALID_ISO":
		return "05-12-2016T21:29:29Z"
	case "JSONATA":
		return "{% $states.input.TimestampValue %}"
	}
	return "2016-12-05T21:29:29Z"
}

// setResources puts the ARNs of functions where the history says that a state
// called one directly. States that never ran get any function.
func (s *session) setResources(definition members) {
	called, one := s.functionsOf(s.history())
	states, _ := definition["States"].(members)
	for name, value := range states {
		state, _ := value.(members)
		resource, _ := state["Resource"].(string)
		switch {
		case called[name] != "":
			state["Resource"] = called[name]
		case state["Type"] == "Task" && !strings.HasPrefix(resource, "arn:"):
			state["Resource"] = one
		}
	}
}

// history is the recorded history, nil without one.
func (s *session) history() []members {
	for _, key := range slices.Sorted(maps.Keys(s.recording.answers)) {
		answer, _ := s.recording.answers[key].(members)
		list, ok := answer["events"].([]any)
		if !ok {
			continue
		}
		var events []members
		for _, event := range list {
			events = append(events, event.(members))
		}
		return events
	}
	return nil
}

// functionsOf tells which function each state called directly, as a recorded
// history says, and one of them.
func (s *session) functionsOf(history []members) (called map[string]string, one string) {
	called = map[string]string{}
	one = "arn:aws:lambda:" + region + ":" + account + ":function:none"
	state := ""
	for _, event := range history {
		if entered, ok := event["stateEnteredEventDetails"].(members); ok {
			state, _ = entered["name"].(string)
		}
		if scheduled, ok := event["lambdaFunctionScheduledEventDetails"].(members); ok {
			resource, _ := scheduled["resource"].(string)
			one = s.fillText(resource)
			called[state] = one
		}
	}
	return called, one
}

// python is a value as JSON in the form that Python gives it, with a blank
// behind commas and colons: the recorded functions are written in Python, and
// the length of their answers is recorded.
func (s *session) python(value any) string {
	s.t.Helper()
	var b strings.Builder
	switch value := value.(type) {
	case members:
		b.WriteByte('{')
		for i, name := range slices.Sorted(maps.Keys(value)) {
			if i > 0 {
				b.WriteString(", ")
			}
			b.WriteString(s.encode(name) + ": " + s.python(value[name]))
		}
		b.WriteByte('}')
	case []any:
		b.WriteByte('[')
		for i, element := range value {
			if i > 0 {
				b.WriteString(", ")
			}
			b.WriteString(s.python(element))
		}
		b.WriteByte(']')
	default:
		b.WriteString(s.encode(value))
	}
	return b.String()
}

// encode is a value as compact JSON.
func (s *session) encode(value any) string {
	s.t.Helper()
	content, err := json.Marshal(value)
	if err != nil {
		s.t.Fatal(err)
	}
	return string(content)
}
