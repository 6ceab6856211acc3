package workflow

import "encoding/json"

// Notification is what an execution's output says of the mail about its order:
// "sent", "failed", or "" where it says nothing.
func Notification(output string) string {
	var saved struct {
		Notification string `json:"notification"`
	}
	if json.Unmarshal([]byte(output), &saved) != nil {
		return "" // not logged, cut off, or another machine's
	}
	return saved.Notification
}

// The values of Notification that our save step gives.
const (
	NotificationSent   = "sent"
	NotificationFailed = "failed"
)
