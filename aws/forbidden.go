package aws

import (
	"regexp"
	"strings"
)

// forbidden says which permission is missing. AWS's message names the action
// and the resource that its policies were checked for; they are shown as AWS
// says them, and as we asked when it says nothing. The kind was told by the
// code already: this reads the message only to show it better.
func forbidden(action, target, message string) (reason, next string) {
	wanted, resource, why := permissionOf(action), target, ""
	pattern := regexp.MustCompile(`is not authorized to perform: ([A-Za-z0-9-]+:[A-Za-z0-9*]+)(?: on resource: (\S+))?(?: (because .*))?`)
	if m := pattern.FindStringSubmatch(message); m != nil {
		wanted = spelled(m[1], wanted)
		if m[2] != "" {
			resource = strings.TrimRight(m[2], ".,")
		}
		why = m[3]
	}
	reason = "the identity lacks the permission " + wanted
	if resource != "" {
		reason += " on " + resource
	}
	if why != "" {
		reason += " (" + strings.TrimRight(why, ".") + ")"
	}
	return reason, "Ask for " + wanted + " on this resource, or use a role that has it"
}

// spelled prefers the usual spelling where AWS says the same action in lower
// case, as SQS does.
func spelled(told, usual string) string {
	if strings.EqualFold(told, usual) {
		return usual
	}
	return told
}
