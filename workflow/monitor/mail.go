package monitor

import (
	"strings"
	"time"

	"orderops/workflow"
)

// mailNews is for how long after the last one mails that were not sent need attention.
const mailNews = time.Hour

// unmailed counts orders that ended and whose mail the topic did not take, as
// the log tells: the order is done all the same.
type unmailed struct {
	count  int
	newest workflow.ExecutionARN
	at     time.Time
}

// hear takes in that an execution ended.
func (u *unmailed) hear(l *workflow.LogEvent) {
	if l.Type != "ExecutionSucceeded" || workflow.Notification(l.Output) != workflow.NotificationFailed {
		return
	}
	if l.Time.Sub(u.at) > mailNews {
		u.count = 0
	}
	u.count++
	if l.Time.After(u.at) {
		u.at, u.newest = l.Time, l.Execution
	}
}

func (u *unmailed) find(found []Finding, now time.Time) []Finding {
	age := now.Sub(u.at)
	if u.count == 0 || age > mailNews {
		return found
	}
	newest := string(u.newest[strings.LastIndexByte(string(u.newest), ':')+1:])
	return append(found, Finding{
		Kind: MailFailed, Age: age,
		Text: plural(u.count, "order") + " done, but not mailed, as the topic took no mail; the newest is " + newest,
		Link: Link{Place: ExecutionsPlace, Filter: "order:=" + quote(newest)},
	})
}
