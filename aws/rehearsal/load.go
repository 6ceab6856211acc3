package rehearsal

import (
	"embed"
	"fmt"
	"os"
	"path"
	"strings"
)

//go:embed scenarios/*.yaml
var embedded embed.FS

// Names are the scenarios that come with the program.
func Names() []string {
	entries, err := embedded.ReadDir("scenarios")
	if err != nil {
		return nil // they are compiled in
	}
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = strings.TrimSuffix(e.Name(), ".yaml")
	}
	return names
}

// Load reads a scenario that comes with the program, by its name, or one from a
// file, which has a slash or a dot in its name.
func Load(name string) (Scenario, error) {
	if strings.ContainsAny(name, `./\`) {
		text, err := os.ReadFile(name)
		if err != nil {
			return Scenario{}, fmt.Errorf("read the scenario: %w", err)
		}
		return Read(name, text)
	}
	text, err := embedded.ReadFile(path.Join("scenarios", name+".yaml"))
	if err != nil {
		return Scenario{}, fmt.Errorf("there is no scenario %q: choose %s, or a file such as ./mine.yaml", name, strings.Join(Names(), ", "))
	}
	return Read(name, text)
}
