# SPDX-License-Identifier: Apache-2.0
# Run by OpenSTA for one netlist (timing.cpp). Before it: liberty, netlist, top, period (in the library's unit), load, every
# (1: the slowest path into every register too).
read_liberty $liberty
read_verilog $netlist
link_design $top

proc constrain {period load} {
  create_clock -name clk -period $period [get_ports clk_i]
  foreach port [all_inputs] {
    if {[get_property $port full_name] ne "clk_i"} {
      set_input_delay 0 -clock clk $port
    }
  }
  set_output_delay 0 -clock clk [all_outputs]
  set_input_transition 0.1 [all_inputs]
  set_load $load [all_outputs]
}

constrain $period $load
set_false_path -from [get_ports rst_ni]
puts "PATH"
report_checks -path_delay max -format full -digits 4
puts "END"
set path [lindex [find_timing_paths -path_delay max] 0]
set least [expr {$period - [get_property $path slack]}]
puts "LEAST $least"
if {$every} {
  foreach path [find_timing_paths -path_delay max -group_count 10000000] {
    puts "INTO [expr {$period - [get_property $path slack]}] [get_property [get_property $path endpoint] full_name]"
  }
}

# Power at that clock, where no net changes and where each changes once a cycle: in between it is linear. (An activity
# for each pin would be finer, but OpenSTA 2.0.17 does not pass one on through gates.)
create_clock -name clk -period $least [get_ports clk_i]
foreach activity {0 1} {
  set_power_activity -global -activity $activity -duty 0.5
  puts "POWER $activity"
  report_power -digits 6
  puts "END"
}
