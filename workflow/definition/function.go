package definition

import (
	"encoding/json"
	"slices"
	"strings"
)

// function is what a Task calls its Lambda function by.
func function(o object) string {
	resource := o.text("Resource")
	if strings.Contains(resource, ":function:") {
		return resource
	}
	if !strings.Contains(resource, ":lambda:invoke") {
		return ""
	}
	for _, member := range []string{"Parameters", "Arguments"} {
		var given object
		_ = json.Unmarshal(o[member], &given) // what is no object names nothing
		if name := given.text("FunctionName"); name != "" && !strings.HasPrefix(name, "{%") {
			return name
		}
	}
	return ""
}

// Functions are what the machine's Tasks, those of its children too, call their
// Lambda functions by, each once.
func (m *Machine) Functions() []string {
	var list []string
	for _, s := range m.States {
		if s.Function != "" && !slices.Contains(list, s.Function) {
			list = append(list, s.Function)
		}
		for _, child := range s.Children {
			for _, f := range child.Functions() {
				if !slices.Contains(list, f) {
					list = append(list, f)
				}
			}
		}
	}
	return list
}
